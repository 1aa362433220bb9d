"""Compiles a checkpoint for ten odd image sizes and runs each object between guard
pages.

    odd_sizes.py CHECKPOINT DIR MOBILEONE_OPT CLANG [FLAG...]

The last FLAGs are those of the C program. Prints the sizes that ran.
"""
import os
import subprocess
import sys

checkpoint, folder, compiler, clang, flags = *sys.argv[1:5], sys.argv[5:]
sizes = ["33x33", "35x61", "37x32", "47x39", "51x75", "63x65", "81x33", "97x129", "131x45",
         "159x161"]
os.makedirs(folder, exist_ok=True)
for number, size in enumerate(sizes):
    form = ["f32-nchw", "f32-nhwc", "u8-nhwc"][number % 3]
    model = os.path.join(folder, "net.o")
    program = os.path.join(folder, "run")
    subprocess.run([compiler, checkpoint, "--isa=native", f"--image-size={size}", f"--input={form}",
                    "--prefix=net", "-o", model], check=True)
    subprocess.run([clang, *flags, f"-I{folder}", model, "-o", program], check=True)
    subprocess.run([program], check=True)
print(f"{len(sizes)} sizes ran between guard pages")
