#include "cmd/signed_files.hpp"

#include "formats/safe_file.hpp"

namespace dsar::cmd {

void write_signed(const std::string& path, const std::string& text, const std::string& signature) {
  formats::SafeFile file(path, formats::SafeFile::Existing::refuse);
  formats::SafeFile beside(path + ".sig", formats::SafeFile::Existing::refuse);
  file.write(text);
  beside.write(signature);
  file.commit();
  beside.commit();
}

}  // namespace dsar::cmd
