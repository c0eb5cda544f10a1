#!/usr/bin/env python3
"""Writes Sources/TextAnalysis/Tables/PinyinData.swift: the reading of each Chinese character in common use.

    python3 Tools/tables/make-pinyin.py             (from the top of the repository)

Source: ICU's transform Han-Latin through `uconv` of Debian's icu-devtools (Unicode licence), over the characters of GB
2312. Surnames are read as surnames: SURNAMES has those whose usual reading is another.
"""
import subprocess
import unicodedata as ud

SURNAMES = {"单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "尉": "wei", "盖": "gai",
            "朴": "piao", "翟": "zhai", "乐": "le", "覃": "qin", "长": "chang", "重": "chong", "行": "xing"}

def plain(text):
    text = ud.normalize("NFD", text).replace("u\u0308", "v")
    return "".join(c for c in text if c.isascii() and c.isalpha())

def main():
    characters = [bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)]
    characters = [c for c in characters if c]
    read = subprocess.run(["uconv", "-x", "Han-Latin"], input="\n".join(characters), capture_output=True, text=True,
                          check=True).stdout.split("\n")
    table = {}
    for character, syllable in zip(characters, read):
        syllable = SURNAMES.get(character) or plain(syllable.strip().lower())
        if syllable:
            table.setdefault(syllable, []).append(character)
    with open("Sources/TextAnalysis/Tables/PinyinData.swift", "w", encoding="utf-8") as out:
        out.write("// Written by Tools/tables/make-pinyin.py; do not edit.\n\n")
        out.write("enum PinyinData {\n    /// A syllable without its tone (v: ü), and the characters read so.\n")
        out.write('    static let readings: StaticString = """\n')
        line = "       "
        for syllable in sorted(table):
            for start in range(0, len(table[syllable]), 80):
                word = f" {syllable} {''.join(table[syllable][start:start + 80])}"
                if len(line) + len(word) > 118:
                    out.write(line + "\n")
                    line = "       "
                line += word
        out.write(line + '\n        """\n}\n')

main()
