#pragma once
// The text of the tnn::error that a call throws; "no error" when it throws none.
#include <string>
#include <string_view>

#include <tnn/core/error.hpp>

template <class Call>
std::string error_text(Call&& call) {
  try {
    call();
  } catch (const tnn::error& failure) {
    return failure.what();
  }
  return "no error";
}

/// Does the call throw a tnn::error whose text holds all of the words?
template <class Call, class... Words>
bool refuses(Call&& call, const Words&... words) {
  const std::string text = error_text(call);
  return text != "no error" && ((text.find(std::string_view(words)) != text.npos) && ...);
}
