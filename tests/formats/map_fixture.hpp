#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "formats/map_reader.hpp"

/// The maps in tests/formats/maps/ and what the reader says of them when they are changed.
namespace map_fixture {

inline std::filesystem::path folder() {
  return std::filesystem::path(__FILE__).parent_path() / "maps";
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A map in which every key of the format occurs.
inline const nlohmann::ordered_json& everything() {
  static const auto json =
      nlohmann::ordered_json::parse(text_of(folder() / "good" / "everything.json"));
  return json;
}

/// `/pointer: message` of every fault; empty where the map is good.
inline std::vector<std::string> faults_in(const std::string& text) {
  std::vector<std::string> result;
  try {
    static_cast<void>(dsar::formats::read_map_texts({{"map.json", text}}));
  } catch (const dsar::InvalidMap& error) {
    for (const dsar::Fault& fault : error.faults()) {
      result.push_back(fault.where.pointer + ": " + fault.message);
    }
  }
  return result;
}

/// The faults once `value` stands where `pointer` leads.
inline std::vector<std::string> faults_with(const std::string& pointer, const std::string& value) {
  nlohmann::ordered_json json = everything();
  json[nlohmann::ordered_json::json_pointer(pointer)] = nlohmann::ordered_json::parse(value);
  return faults_in(json.dump(1));
}

/// The faults once what `pointer` leads to is gone.
inline std::vector<std::string> faults_without(const std::string& pointer) {
  nlohmann::ordered_json json = everything();
  const nlohmann::ordered_json::json_pointer at(pointer);
  nlohmann::ordered_json& around = json[at.parent_pointer()];
  if (around.is_array()) {
    around.erase(std::stoul(at.back()));
  } else {
    around.erase(at.back());
  }
  return faults_in(json.dump(1));
}

}  // namespace map_fixture
