"""Makes one file of tests many: one test for each value of a list.

    # FOR: %{variant} = s0, s1
    # FOR: %{size} %{input} = 32x32 f32-nchw, 33x47 u8-nhwc
    # FOR-FEATURE: %{isa} = x86-64-v2, x86-64-v3

A line names substitutions, and gives a row of values for each test. Lines of the same
names are one list; lists multiply: these are 2 * 2 * 2 tests. Each is one of lit's own,
called `file.test/s0-32x32-f32-nchw-x86-64-v2`, runs beside the others, and has its own %t.
The first value of a row of FOR-FEATURE is a feature, too, as if REQUIRES named it. A row that is a
substitution of lit.cfg.py, such as %levels, stands for the rows of its text.
"""
import copy
import itertools
import re

import lit.formats
import lit.Test


class TestOfValues(lit.Test.Test):
    def getSourcePath(self):
        return self.suite.getSourcePath(self.path_in_suite[:-1])


class ForEach(lit.formats.ShTest):
    def getTestsForPath(self, suite, path, lit_config, config):
        for test in super().getTestsForPath(suite, path, lit_config, config):
            lists, features = read_lists(test.getSourcePath(), dict(config.substitutions), lit_config)
            for rows in itertools.product(*lists.values()) if lists else []:
                values = dict(zip(itertools.chain(*lists), itertools.chain(*rows)))
                own = copy.copy(config)
                own.substitutions = list(values.items()) + config.substitutions
                test = TestOfValues(suite, path + ("-".join(values.values()),), own)
                test.requires = [values[name] for name in features]
                yield test
            if not lists:
                yield test


def read_lists(path, substitutions, lit_config):
    """Rows of values by their names, and the names whose values are features."""
    lists, features = {}, []
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read().partition("END.\n")[0]
    lines = re.findall(r"^(?:#|//) FOR(-FEATURE)?: *(.*?) *$", text, re.MULTILINE)
    for is_feature, line in lines:
        left, _, right = line.partition(" = ")
        names = tuple(left.split())
        texts = [substitutions.get(text.strip(), text) for text in right.split(",")]
        rows = [row.split() for text in texts for row in text.split(",")]
        if not all(re.fullmatch(r"%{[\w-]+}", name) for name in names) or {len(names)} != set(map(len, rows)):
            lit_config.fatal(f"{path}: expects '%{{NAME}}... = VALUE..., VALUE...' with as many values as names, "
                             f"but got '{line}'")
        lists.setdefault(names, []).extend(rows)
        features += names[:1] if is_feature else ()
    return lists, features
