#pragma once
// Whole files into memory, gzip undone. zlib's own gzread is of no use here: it ignores garbage
// after the stream and reports a truncated one only to those who ask at the end.
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <tnn/files/posix_file.hpp>

namespace tnn {

namespace detail {

inline bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/// zlib's state for one gzip stream after another.
class gzip_inflater {
 public:
  gzip_inflater() {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  gzip_inflater(const gzip_inflater&) = delete;
  gzip_inflater& operator=(const gzip_inflater&) = delete;
  ~gzip_inflater() { inflateEnd(&stream_); }

  void next_member() { inflateReset(&stream_); }

  /// Unpacks as much as it can: both spans then begin behind what was read and written. Returns
  /// zlib's code.
  int inflate_some(std::span<const std::uint8_t>& in, std::span<std::uint8_t>& out) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    stream_.next_in = const_cast<Bytef*>(in.data());  // zlib never writes to it
    stream_.avail_in = static_cast<uInt>(std::min(in.size(), most));
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(std::min(out.size(), most));
    const int code = inflate(&stream_, Z_NO_FLUSH);
    in = in.subspan(static_cast<std::size_t>(stream_.next_in - in.data()));
    out = out.subspan(static_cast<std::size_t>(stream_.next_out - out.data()));
    return code;
  }

  const char* message() const { return stream_.msg != nullptr ? stream_.msg : "no reason given"; }

 private:
  z_stream stream_{};
};

inline std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> in, std::size_t limit,
                                        const std::string& name) {
  const auto refuse_size = [&] {
    throw error(name + ": unpacks to more than " + std::to_string(limit) +
                " bytes, the most expected here");
  };
  // The last four bytes tell the length of an honest file; deflate gains at most 1032 to 1.
  std::size_t guess = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(in.size(), 4); ++i)
    guess = guess << 8 | in[in.size() - 1 - i];
  std::vector<std::uint8_t> bytes(std::min({guess, in.size() * 1032, limit}) + 1);
  std::span<std::uint8_t> out(bytes);

  gzip_inflater inflater;
  for (;;) {
    const int code = inflater.inflate_some(in, out);
    if (code == Z_STREAM_END) {
      if (in.empty()) break;
      if (!is_gzip(in))
        throw error(name + ": " + std::to_string(in.size()) +
                    " bytes of garbage follow the gzip data; make or download it again");
      inflater.next_member();
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      throw error(name + ": corrupted gzip data (" + inflater.message() +
                  "); make or download it again");
    } else if (out.empty()) {
      const std::size_t used = bytes.size();
      if (used > limit) refuse_size();
      bytes.resize(used + std::min(used, limit - used + 1));
      out = std::span(bytes).subspan(used);
    } else if (in.empty()) {
      throw error(name + ": truncated gzip data; make or download it again");
    }
  }
  bytes.resize(bytes.size() - out.size());
  if (bytes.size() > limit) refuse_size();
  return bytes;
}

}  // namespace detail

/// The file's content, unpacked when it is gzip (told by its first bytes, not by its name).
/// tnn::error: missing, a folder, truncated, corrupted, followed by garbage, or over `limit` bytes.
inline std::vector<std::uint8_t> read_maybe_gzip(const std::filesystem::path& path,
                                                 std::size_t limit = std::size_t{1} << 30) {
  const detail::input_file file(path);
  if (file.size() > limit)
    throw error(detail::printable_path(path) + ": holds " + std::to_string(file.size()) +
                " bytes, more than the " + std::to_string(limit) + " expected here");
  std::vector<std::uint8_t> bytes(file.size());
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  if (!detail::is_gzip(bytes)) return bytes;
  return detail::gunzip(bytes, limit, detail::printable_path(path));
}

}  // namespace tnn
