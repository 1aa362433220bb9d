// The pickle machine: every opcode, every way to be damaged, and no way to make
// it call, crash, or use much more memory than the stream has bytes.
#include "TestImport.h"

#include "CheckpointWriter.h"
#include "compiler/Import/Pickle.h"

using namespace mobileone;
using namespace mobileone::pickled;
using Kind = PickleValue::Kind;

/// Bytes with zeros in them.
template <size_t N>
static std::string bytes(const char (&text)[N]) {
  return std::string(text, N - 1);
}

/// What `body` leaves on the stack, as text.
static std::string describe(const PickleValue &value) {
  if (value.is(Kind::Tuple) || value.is(Kind::List) || value.is(Kind::Dict) ||
      value.is(Kind::Storage) || value.is(Kind::Object)) {
    std::string text = value.is(Kind::Object) ? value.text.str() : "";
    text += value.is(Kind::Tuple)  ? "("
            : value.is(Kind::List) ? "["
            : value.is(Kind::Dict) ? "{"
                                   : "<";
    for (const PickleValue *item : value.items)
      text += describe(*item) + ",";
    return text;
  }
  if (value.is(Kind::Int))
    return std::to_string(value.integer);
  if (value.is(Kind::String) || value.is(Kind::Bytes))
    return "'" + value.text.str() + "'";
  return value.describe();
}

static std::string evaluate(const std::string &body) {
  std::string stream = body + ".";
  llvm::Expected<Pickle> pickle = readPickle("p", stream);
  if (!pickle)
    return llvm::toString(pickle.takeError());
  EXPECT_EQ(pickle->size, stream.size());
  return describe(*pickle->root);
}

static llvm::Expected<Pickle> read(const std::string &stream) {
  return readPickle("p", stream);
}

TEST(Pickle, constants_of_every_protocol) {
  EXPECT_EQ(evaluate("N"), "None");
  EXPECT_EQ(evaluate("\x88"), "True");
  EXPECT_EQ(evaluate("I01\n"), "True");
  EXPECT_EQ(evaluate("I00\n"), "False");
  EXPECT_EQ(evaluate("I-12\n"), "-12");
  EXPECT_EQ(evaluate("L34L\n"), "34");
  EXPECT_EQ(evaluate("K\xff"), "255");
  EXPECT_EQ(evaluate("M\x01\x02"), "513");
  EXPECT_EQ(evaluate("J\xfe\xff\xff\xff"), "-2");
  EXPECT_EQ(evaluate(bytes("\x8a\x00")), "0");
  EXPECT_EQ(evaluate("\x8a\x01\xff"), "-1");
  EXPECT_EQ(evaluate(bytes("\x8a\x02\xff\x00")), "255");
  EXPECT_EQ(evaluate("\x8a\x09" + std::string(9, '\1')), "a large integer");
  EXPECT_EQ(evaluate("\x8b" + littleEndian(1, 4) + "\7"), "7");
  EXPECT_EQ(evaluate("F1.5\n"), "a float");
  EXPECT_EQ(evaluate("G" + std::string(8, '\0')), "a float");
  EXPECT_EQ(evaluate("S'quoted'\n"), "'quoted'");
  EXPECT_EQ(evaluate("Vunicode\n"), "'unicode'");
  EXPECT_EQ(evaluate("T" + littleEndian(2, 4) + "ab"), "'ab'");
  EXPECT_EQ(evaluate("U\2ab"), "'ab'");
  EXPECT_EQ(evaluate("X" + littleEndian(2, 4) + "ab"), "'ab'");
  EXPECT_EQ(evaluate("\x8c\2ab"), "'ab'");
  EXPECT_EQ(evaluate("\x8d" + littleEndian(2, 8) + "ab"), "'ab'");
  EXPECT_EQ(evaluate("B" + littleEndian(1, 4) + "a"), "'a'");
  EXPECT_EQ(evaluate("C\1a"), "'a'");
  EXPECT_EQ(evaluate("\x8e" + littleEndian(1, 8) + "a"), "'a'");
  EXPECT_EQ(evaluate("\x96" + littleEndian(1, 8) + "a"), "'a'");
  EXPECT_EQ(evaluate("\x97\x98"), "''"); // NEXT_BUFFER, READONLY_BUFFER
  EXPECT_EQ(evaluate("L123456789012345678901L\n"), "a large integer");
}

TEST(Pickle, containers) {
  EXPECT_EQ(evaluate(")"), "(");
  EXPECT_EQ(evaluate("(K\1K\2t"), "(1,2,");
  EXPECT_EQ(evaluate("K\1\x85"), "(1,");
  EXPECT_EQ(evaluate("K\1K\2K\3\x87"), "(1,2,3,");
  EXPECT_EQ(evaluate("(K\1l"), "[1,");
  EXPECT_EQ(evaluate("]K\1a(K\2K\3e"), "[1,2,3,");
  EXPECT_EQ(evaluate("}K\1K\2s(K\3K\4u"), "{1,2,3,4,");
  EXPECT_EQ(evaluate("(K\1K\2d"), "{1,2,");
  EXPECT_EQ(evaluate("\x8f(K\1\x90"), "[1,");
  EXPECT_EQ(evaluate("(K\1\x91"), "[1,");
}

TEST(Pickle, stack_and_memo) {
  EXPECT_EQ(evaluate("K\1K\0020"), "1");
  EXPECT_EQ(evaluate("K\1(K\2K\0031"), "1");
  EXPECT_EQ(evaluate("K\1(0"), "1"); // POP of a mark
  EXPECT_EQ(evaluate("K\0012\x86"), "(1,1,");
  EXPECT_EQ(evaluate("K\1p7\ng7\n\x86"), "(1,1,");
  EXPECT_EQ(evaluate("K\1q\7h\7\x86"), "(1,1,");
  EXPECT_EQ(evaluate("K\1r" + littleEndian(300, 4) + "j" +
                     littleEndian(300, 4) + "\x86"),
            "(1,1,");
  EXPECT_EQ(evaluate(bytes("K\1\x94h\0\x86")), "(1,1,");
  EXPECT_EQ(evaluate("\x80\4\x95" + littleEndian(99, 8) + "N"), "None");
}

TEST(Pickle, calls_are_noted_and_never_made) {
  EXPECT_EQ(evaluate("cmod\nName\n"), "the global mod.Name");
  EXPECT_EQ(evaluate("\x8c\3mod\x8c\4Name\x93"), "the global mod.Name");
  EXPECT_EQ(evaluate("cmod\nName\n(K\1tR"), "mod.Name<(1,,");
  EXPECT_EQ(evaluate("cmod\nName\n)\x81"), "mod.Name<(,");
  EXPECT_EQ(evaluate("cmod\nName\n)}\x92"), "mod.Name<(,");
  EXPECT_EQ(evaluate("(K\1imod\nName\n"), "mod.Name<(1,,");
  EXPECT_EQ(evaluate("(cmod\nName\nK\1o"), "mod.Name<(1,,");
  EXPECT_EQ(evaluate("N)R"), "something unnamed<(,");
  EXPECT_EQ(evaluate("ccollections\nOrderedDict\n)R"), "{");
  EXPECT_EQ(evaluate("Pkey\n"), "<'key',");
  EXPECT_EQ(evaluate("K\1Q"), "<1,");
  // State and items of foreign objects are dropped; one with keys is a dict.
  EXPECT_EQ(evaluate("cmod\nName\n)RK\1b"), "mod.Name<(,");
  EXPECT_EQ(evaluate("cmod\nName\n)RK\1a"), "mod.Name<(,");
  EXPECT_EQ(evaluate("cmod\nName\n)R(K\1K\2u"), "{1,2,");
  EXPECT_EQ(evaluate("ccollections\nOrderedDict\n(](](K\1K\2eetR"), "{1,2,");
  EXPECT_EQ(evaluate("ccollections\nOrderedDict\n(](](K\1eetR"),
            "collections.OrderedDict<([[1,,,,");
  EXPECT_EQ(evaluate("ccopy_reg\n_reconstructor\n(cm\nD\nN}K\1K\2stR"),
            "{1,2,");
  EXPECT_EQ(evaluate("}K\1b"), "{");
}

TEST(Pickle, globals_of_hostile_files_are_refused) {
  for (const char *global :
       {"cos\nsystem\n", "cposix\nsystem\n", "cnt\nsystem\n", "cos\nexecvp\n",
        "cos\npopen\n", "csubprocess\nPopen\n", "cbuiltins\neval\n",
        "c__builtin__\nexec\n", "cbuiltins\n__import__\n",
        "cbuiltins\nsetattr\n", "cimportlib\nimport_module\n",
        "crunpy\nrun_path\n", "cpty\nspawn\n", "cshutil\nrmtree\n",
        "cwebbrowser\nopen\n", "cctypes\nCDLL\n", "cpickle\nloads\n",
        "(ios\nsystem\n",
        // Any module holds those that it imports.
        "cshutil\nos.system\n", "cmy.os\nsystem\n", "cos\nsystem.__call__\n"})
    expectRefusal(read(global), {"p: ", "hostile file"});
}

TEST(Pickle, data_of_the_same_modules_is_harmless) {
  for (const char *global :
       {"__builtin__.set", "builtins.complex", "os.stat_result",
        "posix.uname_result", "os.terminal_size", "subprocess.CompletedProcess",
        "shutil._ntuple_diskusage", "socket.AddressFamily", "sys.flags",
        "importlib.metadata.PackagePath", "my.commands.run", "mypkg.open",
        // As Python 3.11 pickles a member of an enum.
        "__builtin__.getattr"}) {
    auto [module, name] = llvm::StringRef(global).rsplit('.');
    EXPECT_EQ(evaluate(("c" + module + "\n" + name + "\n").str()),
              std::string("the global ") + global);
  }
}

TEST(Pickle, damaged_streams_are_refused) {
  expectRefusal(read(""), {"STOP"});
  expectRefusal(read("N"), {"STOP"});
  expectRefusal(read("."), {"underflow"});
  expectRefusal(read("(N("), {"STOP"});
  expectRefusal(read("N(."), {"underflow"}); // below the mark
  expectRefusal(read("K"), {"length exceeds"});
  expectRefusal(read("X\xff\xff\xff\xff"), {"length exceeds"});
  expectRefusal(read("\x8d" + std::string(8, '\xff')), {"length exceeds"});
  expectRefusal(read("Inumber\n"), {"integer"});
  expectRefusal(read("I1"), {"end of line"});
  expectRefusal(read("cmod\n"), {"end of line"});
  expectRefusal(read("\x80\6"), {"protocol up to 5", "6"});
  expectRefusal(read("\x82\1"), {"opcode", "0x82"}); // extension registry
  expectRefusal(read("0"), {"underflow"});
  expectRefusal(read("1"), {"mark"});
  expectRefusal(read("2"), {"underflow"});
  expectRefusal(read("t"), {"mark"});
  expectRefusal(read("\x86"), {"underflow"});
  expectRefusal(read("Na"), {"underflow"});
  expectRefusal(read("NNa"), {"container", "None"});
  expectRefusal(read("]K\1K\2s"), {"container", "list"});
  expectRefusal(read("}(K\1u"), {"key alone"});
  expectRefusal(read("(K\1d"), {"key alone"});
  expectRefusal(read("e"), {"mark"});
  expectRefusal(read("u"), {"mark"});
  expectRefusal(read("p1\n"), {"underflow"});
  expectRefusal(read("Npx\n"), {"number"});
  expectRefusal(read("Nr\xff\xff\xff\xff"), {"memo entry below"});
  expectRefusal(read("j\xff\xff\xff\xff"), {"memo entry"});
  expectRefusal(read("h\1"), {"entry 1"});
  expectRefusal(read("NNR"), {"tuple of arguments"});
  expectRefusal(read("R"), {"underflow"});
  expectRefusal(read("N)\x92"), {"underflow"});
  expectRefusal(read("NN\x93"), {"two strings"});
  expectRefusal(read("\x93"), {"underflow"});
  expectRefusal(read("o"), {"mark"});
  expectRefusal(read("(o"), {"class above the mark"});
  expectRefusal(read("imod\nName\n"), {"mark"});
  expectRefusal(read("b"), {"underflow"});
  expectRefusal(read("Q"), {"underflow"});
}

TEST(Pickle, nesting_has_a_limit) {
  std::string tuples(100, '\x85'), more(101, '\x85');
  EXPECT_TRUE(static_cast<bool>(read("N" + tuples + ".")));
  expectRefusal(read("N" + more + "."), {"nesting too deep"});
  // Lists nest when they are filled, not when they are made.
  std::string lists(200, ']'), appends(200, 'a');
  expectRefusal(read("]" + lists + appends + "."), {"nesting too deep"});
}

TEST(Pickle, a_list_may_contain_itself) {
  llvm::Expected<Pickle> pickle = read("]2a.");
  ASSERT_TRUE(static_cast<bool>(pickle));
  EXPECT_EQ(pickle->root->items.front(), pickle->root);
}

TEST(Pickle, memory_stays_in_proportion) {
  // Numbers of a long history share their values, and are no damage.
  std::string history = "(" + std::string(3 << 20, 'N') + "l.";
  EXPECT_TRUE(static_cast<bool>(read(history)));
  // Neither are other values, up to sixteen million.
  EXPECT_TRUE(static_cast<bool>(read("(" + std::string(3 << 20, ')') + "l.")));
  expectRefusal(read(std::string((1 << 24) + 1, ')')),
                {"at most 16777216 values"});
  // A long name in the memo, joined over and over.
  expectRefusal(read(string(std::string(1 << 20, 'm')) + "2\x93"),
                {"at most 200 characters"});
  // A name that is repeated is kept and judged once.
  std::string repeated = "Vm\nq\1Vn\nq\2";
  for (int i = 0; i < 100; ++i)
    repeated += "h\1h\2\x93";
  llvm::Expected<Pickle> pickle = read(repeated + ".");
  ASSERT_TRUE(static_cast<bool>(pickle));
  EXPECT_EQ(pickle->globals.size(), 1u);
  // A long tuple, an argument of one call after the other.
  std::string body = "(" + std::string(1000, 'N') + "tq\1";
  for (int i = 0; i < 100'000; ++i)
    body += "cm\nn\nh\1R0";
  EXPECT_TRUE(static_cast<bool>(read(body + ".")));
}

TEST(Pickle, dicts_are_searched_for_strings) {
  std::string stream = pickle(dict({{string("a"), "K\1"}, {"K\2", "K\3"}}));
  llvm::Expected<Pickle> pickle = read(stream);
  ASSERT_TRUE(static_cast<bool>(pickle));
  ASSERT_NE(pickle->root->lookup("a"), nullptr);
  EXPECT_EQ(pickle->root->lookup("a")->integer, 1);
  EXPECT_EQ(pickle->root->lookup("b"), nullptr);
  EXPECT_EQ(pickle->root->lookup("a")->lookup("a"), nullptr);
}
