"""MobileOne without Strassen's algorithm: what it is measured against."""
import dataclasses
import subprocess
from pathlib import Path

from peers.mobileone_peer import MobileOne


class Classical(MobileOne):
    ALGORITHM = "classical"
    TITLE = "MobileOne, classical"
    SETTINGS = "the same with --algorithm=classical"

    def convert(self, model):
        target = Path(model.object).with_name(f"{self.ALGORITHM}_{model.variant}.o")
        subprocess.run([model.tool, model.state, "-o", target,
                        f"--image-size={model.size}x{model.size}",
                        f"--prefix={target.stem}", f"--algorithm={self.ALGORITHM}"],
                       check=True,
                       stdout=subprocess.DEVNULL)
        return super().convert(dataclasses.replace(model, object=target))
