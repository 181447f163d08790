#pragma once
// The names of tensors as PyTorch gives them, from a layer's path and the tensor's tag:
// "features.0.weight".
#include <array>
#include <cstddef>
#include <string_view>

#include <tnn/core/flat.hpp>
#include <tnn/core/sort.hpp>

namespace tnn::detail {

/// Counts the characters of a name, and keeps them if there is room.
struct name_sink {
  char* out = nullptr;
  std::size_t length = 0;
  constexpr void put(char c) {
    if (out != nullptr) out[length] = c;
    ++length;
  }
};
/// Makes a number of a name: FNV-1a of 64 bits (Fowler, Noll, Vo).
struct name_hash {
  std::uint64_t value = 0xcbf29ce484222325u;
  constexpr void put(char c) { value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3u; }
};

template <class Sink>
constexpr void put_text(Sink& to, const char* text, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to.put(text[i]);
}
template <class Sink>
constexpr void put_number(Sink& to, int n) {
  if (n >= 10) put_number(to, n / 10);
  to.put(static_cast<char>('0' + n % 10));
}
/// "features.0.": each level with a point behind it.
template <class Sink>
constexpr void put_path(Sink& to, path_levels at) {
  for (int i = 0; i < at.rank; ++i) {
    if (at.name[i].size > 0) {
      put_text(to, at.name[i].text, at.name[i].size);
    } else {
      put_number(to, at.number[i]);
    }
    to.put('.');
  }
}
template <class Sink>
constexpr Sink put_name(Sink to, path_levels at, std::string_view tensor) {
  put_path(to, at);
  put_text(to, tensor.data(), tensor.size());
  return to;
}

template <std::size_t Length>
constexpr std::array<char, Length> text_of_name(path_levels at, std::string_view tensor) {
  std::array<char, Length> text{};
  put_name(name_sink{text.data()}, at, tensor);
  return text;
}
/// The name of the tensor Tag of the layer at At.
template <class At, class Tag>
struct name_of {
  static constexpr std::size_t length = put_name(name_sink{}, At::levels, Tag::name).length;
  static constexpr auto text = text_of_name<length>(At::levels, Tag::name);
  static constexpr std::string_view view{text.data(), length};
};

// --- names that are taken already ----------------------------------------------------------------

/// The hash of a name, that of its owner, who may put a name twice, and the layer that an error
/// names.
struct owned_name {
  std::uint64_t name = 0, owner = 0;
  int layer = 0;
  friend constexpr bool operator<(const owned_name& a, const owned_name& b) {
    return a.name != b.name ? a.name < b.name : a.layer < b.layer;
  }
};

/// Writes the names of a layer's tensors, and its own where it was given a label. A label belongs
/// to a place, which layers that are branches may share; a tensor to its layer.
template <class... Declared>
constexpr owned_name* put_names(owned_name* to, int layer, path_levels at, list<Declared...>) {
  if (at.rank > 0 && at.name[at.rank - 1].size > 0) {
    name_hash name, place;
    put_path(name, at);
    for (int i = 0; i < at.rank; ++i) {
      put_number(place, at.number[i]);
      place.put('.');
    }
    *to++ = {name.value, place.value, layer};
  }
  for (const std::string_view tensor : {Declared::tag::name..., std::string_view{}})
    if (!tensor.empty())
      *to++ = {put_name(name_hash{}, at, tensor).value, static_cast<std::uint64_t>(layer), layer};
  return to;
}

/// Number of the first layer that has a name of an earlier one, or a tensor that has; -1 if none.
template <class... Placed>
constexpr int first_of_a_taken_name(list<Placed...>) {
  constexpr auto most = static_cast<std::size_t>(total({1 + Placed::type::tensors::size...}));
  std::array<owned_name, most + 1> names{};
  owned_name* end = names.data();
  int layer = 0;
  [[maybe_unused]] const auto put = [&]<class P>(const P*) {
    end = put_names(end, layer++, P::at::levels, typename P::type::tensors{});
  };
  const int each[] = {(put(static_cast<const Placed*>(nullptr)), 0)..., 0};
  static_cast<void>(each);
  sort(names.data(), static_cast<std::size_t>(end - names.data()));
  int found = -1;
  for (const owned_name* n = names.data(); n + 1 < end; ++n)
    if (n[0].name == n[1].name && n[0].owner != n[1].owner && (found < 0 || n[1].layer < found))
      found = n[1].layer;
  return found;
}

}  // namespace tnn::detail
