#pragma once
// The name of a function by its address, from the symbol table of the file it was loaded from:
// dladdr knows only what a program exports.
#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace tnn_emulator {

inline std::string symbol_at(const void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0) return "?";
  std::ifstream file(info.dli_fname, std::ios::binary);
  const auto read = [&](auto& to, std::size_t offset) {
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char*>(to.data()),
              static_cast<std::streamsize>(to.size() * sizeof(to[0])));
  };
  std::vector<ElfW(Ehdr)> head(1);
  read(head, 0);
  if (!file) return "?";
  std::vector<ElfW(Shdr)> sections(head[0].e_shnum);
  read(sections, head[0].e_shoff);
  // Addresses in a program that isn't position-independent are absolute.
  const auto base =
      head[0].e_type == ET_EXEC ? 0 : reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  for (const auto& section : sections) {
    if (section.sh_type != SHT_SYMTAB) continue;
    std::vector<ElfW(Sym)> symbols(section.sh_size / sizeof(ElfW(Sym)));
    read(symbols, section.sh_offset);
    std::vector<char> names(sections[section.sh_link].sh_size);
    read(names, sections[section.sh_link].sh_offset);
    for (const auto& s : symbols) {
      if (s.st_value + base != reinterpret_cast<std::uintptr_t>(address) || s.st_name == 0)
        continue;
      int status = 0;
      char* demangled = abi::__cxa_demangle(&names[s.st_name], nullptr, nullptr, &status);
      std::string name = status == 0 ? demangled : &names[s.st_name];
      std::free(demangled);
      return name;
    }
  }
  return info.dli_sname != nullptr ? info.dli_sname : "?";
}

}  // namespace tnn_emulator
