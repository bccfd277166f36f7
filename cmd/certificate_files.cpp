#include "cmd/certificate_files.hpp"

#include "formats/safe_file.hpp"

namespace dsar::cmd {

void write_certificate(const std::string& path, const std::string& certificate,
                       const std::string& signature) {
  formats::SafeFile file(path, formats::SafeFile::Existing::refuse);
  formats::SafeFile beside(path + ".sig", formats::SafeFile::Existing::refuse);
  file.write(certificate);
  beside.write(signature);
  file.commit();
  beside.commit();
}

}  // namespace dsar::cmd
