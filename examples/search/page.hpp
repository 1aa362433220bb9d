// Shows pictures and those that look alike as one HTML file.
#ifndef PAGE_HPP
#define PAGE_HPP

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

struct match {
  fs::path path;
  float similarity;
};

struct answer {
  fs::path query;
  std::vector<match> nearest; // the nearest first
};

// What HTML takes for markup, or what is no plain letter of a link.
inline std::string escape(const std::string &text, bool is_link) {
  std::string result;
  char code[8];
  for (unsigned char letter : text) {
    std::snprintf(code, sizeof code, is_link ? "%%%02X" : "&#%d;", letter);
    const bool stays =
        is_link ? std::isalnum(letter) || std::strchr("-._~/", letter)
                : !std::strchr("<>&\"", letter);
    result += stays ? std::string(1, char(letter)) : code;
  }
  return result;
}

// The page links pictures relative to itself. False if it cannot be written.
inline bool write_page(const fs::path &path,
                       const std::vector<answer> &answers) {
  std::ofstream page(path);
  auto show = [&](const fs::path &picture, const std::string &caption) {
    const fs::path link =
        fs::relative(picture, fs::absolute(path).parent_path());
    const std::string name = escape(picture.filename().string(), false);
    const std::string short_name = escape(picture.stem().string(), false);
    const std::string address = escape(link.generic_string(), true);
    page << "<figure><a href=\"" << address << "\"><img src=\"" << address
         << "\" alt=\"" << name << "\" loading=\"lazy\"></a><figcaption>"
         << caption << short_name << "</figcaption></figure>\n";
  };
  page << R"(<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Similar pictures</title>
<style>
:root { color-scheme: light dark; --back: #f6f6f4; --card: #fff; --text: #1d1d1f;
  --faint: #63636a; --line: #dfdfdb; --bar: #0a6cbd }
@media (prefers-color-scheme: dark) { :root { --back: #161618; --card: #232326;
  --text: #ececee; --faint: #a0a0a8; --line: #3a3a40; --bar: #5ab0f5 } }
body { max-width: 76rem; margin: auto; padding: 1.5rem; background: var(--back);
  color: var(--text); font: 1rem/1.4 system-ui, sans-serif }
h1, p { margin: 0 } h1 { font-size: 1.6rem } p { color: var(--faint) }
section { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 4fr);
  gap: 1.25rem; align-items: start; margin-top: 1.5rem; padding-top: 1.5rem;
  border-top: 1px solid var(--line) }
@media (max-width: 40rem) { section { grid-template-columns: 1fr }
  section > figure { max-width: 16rem } }
ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr));
  gap: .75rem; margin: 0; padding: 0; list-style: none }
figure { overflow: hidden; margin: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem }
img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover }
figcaption { padding: .5rem .6rem; color: var(--faint); font-size: .8rem;
  overflow-wrap: anywhere }
b { display: block; color: var(--text); font-size: 1rem; font-variant-numeric: tabular-nums }
i { display: block; height: .2rem; margin: .15rem 0 .3rem;
  background: linear-gradient(var(--bar) 0 0) no-repeat 0 / var(--part) var(--line) }
</style>
<h1>Similar pictures</h1>
<p>Beside each picture those nearest to it, by the cosine of what the network makes of both.</p>
)";
  for (const answer &each : answers) {
    page << "<section>\n";
    show(each.query, "");
    page << "<ol>\n";
    for (const match &other : each.nearest) {
      char caption[80];
      std::snprintf(caption, sizeof caption,
                    "<b>%.3f</b><i style=\"--part:%.1f%%\"></i>",
                    other.similarity, 100 * std::max(other.similarity, 0.0f));
      page << "<li>";
      show(other.path, caption);
    }
    page << "</ol>\n</section>\n";
  }
  page << "</html>\n";
  page.close();
  return !page.fail();
}

#endif
