"""Text, Markdown and SVG of one bench run."""
import math
from html import escape


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def threads_text(threads):
    return "one thread" if threads == 1 else f"{threads} threads"


def both_texts(results):
    """The numbers of threads in words."""
    return " and ".join(map(threads_text, sorted({1, results["threads"]})))


def heading(results):
    machine = results["machine"]
    cpus = results["cpus"]
    lines = [f"CPU       {machine['cpu']}, core{'s' if len(cpus) > 1 else ''} "
             f"{', '.join(map(str, cpus))} of {machine['cores']}",
             f"compiler  {machine['compiler']}",
             f"commit    {machine['commit']}",
             f"image     1x3x{results['image_size']}x{results['image_size']}, "
             f"float32, {both_texts(results)}"]
    lines += [f"peer      {package} {version}"
              for package, version in results["versions"].items()]
    lines += [f"left out  {text}" for text in results["left_out"]]
    return "\n".join(lines)


def variant_text(results, variant):
    data = results["variants"][variant]
    lines = [f"\n{variant}: {data['rounds']} rounds, peak "
             f"{data['peak_gflops']:.1f} GFLOP/s, load average "
             f"{data['load_average']:.1f}", *rows_text(results, data["rows"])]
    if "parallel" in data:
        data = data["parallel"]
        lines += [f"{variant} on {threads_text(results['threads'])}: peak "
                  f"{data['peak_gflops']:.1f} GFLOP/s, gain "
                  f"{data.get('peak_gain', math.nan):.3f}",
                  *rows_text(results, data["rows"])]
    return "\n".join(lines)


def rows_text(results, rows):
    """One line per contender, with the gain where there is one."""
    with_gain = any("gain" in row for row in rows.values())
    yield (f"{'':16}{'ms':>9}{'third':>9}{'median':>9}{'first':>9}"
           f"{'ratio':>8}{'GFLOP/s':>9}{'peak':>8}{'diff':>10}" +
           (f"{'gain':>8}{'of peak':>9}" if with_gain else ""))
    for name, row in rows.items():
        gain = (f"{row['gain']:8.3f}"
                f"{100 * row.get('gain_share', math.nan):8.1f}%"
                if with_gain else "")
        yield (f"{results['titles'][name]:16}{row['ms']:9.3f}"
               f"{row['third_ms']:9.3f}{row['median_ms']:9.3f}"
               f"{row['first_ms']:9.3f}{row['ratio']:8.2f}{row['gflops']:9.1f}"
               f"{100 * row.get('peak_share', math.nan):7.1f}%"
               f"{row['difference']:10.1e}{gain}"
               f"{'' if row['settled'] else '  not settled'}")


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |",
             "|---|" + "---:|" * (len(header) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def cells(variants, name, text):
    """`text` of the contender's row in every variant, a dash where it lacks."""
    return [text(data["rows"][name]) if name in data["rows"] else "–"
            for data in variants.values()]


def milliseconds(row):
    """A tilde marks a time whose best and third-best disagree."""
    return f"{'' if row['settled'] else '~'}{row['ms']:.2f}"


def latency_table(results, variants, corner):
    """Milliseconds, with the ratio to ours in brackets."""
    rows = []
    if all(data["peak_gflops"] for data in variants.values()):
        rows.append(["*multiply-add peak*"] +
                    [f"*{2e-6 * v['multiply_adds'] / v['peak_gflops']:.2f}*"
                     for v in variants.values()] + [""])
    for name, title in results["titles"].items():
        ratios = [data["rows"][name]["ratio"] for data in variants.values()
                  if name in data["rows"]]
        if not ratios:
            continue
        if name == "mobileone":
            ms = cells(variants, name,
                       lambda row: f"**{milliseconds(row)}**")
            mean = "1.00"
        else:
            ms = cells(variants, name,
                       lambda row: f"{milliseconds(row)} ({row['ratio']:.2f})")
            mean = f"{geometric_mean(ratios):.2f}"
            mean += "" if len(ratios) == len(variants) else " *"
        rows.append([title] + ms + [mean])
    return table([corner, *variants, "geo. mean"], rows)


def share_table(results):
    variants = results["variants"]
    rows = [[title] + cells(variants, name, lambda row:
                            f"{100 * row.get('peak_share', math.nan):.0f} %")
            for name, title in results["titles"].items()]
    return table(["share of peak", *variants], rows)


def gain_table(results, variants):
    """Time on one thread by time on several, and the share of the peak's."""
    rows = []
    if all("peak_gain" in data for data in variants.values()):
        rows.append(["*multiply-add peak*"] +
                    [f"*{v['peak_gain']:.2f}*" for v in variants.values()])
    for name, title in results["titles"].items():
        rows.append([title] + cells(variants, name, lambda row:
                    f"{row['gain']:.2f} "
                    f"({100 * row.get('gain_share', math.nan):.0f} %)"))
    return table([f"gain of {threads_text(results['threads'])} "
                  "(share of the peak's)", *variants], rows)


def start_table(results):
    variant, data = next(iter(results["variants"].items()))
    titles = {**results["titles"], "python": "*Python and numpy alone*"}
    rows = []
    for name, row in data.get("starts", {}).items():
        library = f"{row['library_bytes'] / 1e6:.1f}"
        total = f"{(row['library_bytes'] + row['model_bytes']) / 1e6:.1f}"
        rows.append([titles[name], f"{1e3 * row['seconds']:.0f}"
                     if row["seconds"] > 0.01 else
                     f"{1e3 * row['seconds']:.1f}",
                     library, total, f"{row['resident_bytes'] / 1e6:.0f}"])
    return table([f"{variant}", "first result, ms", "library, MB",
                  "library + model, MB", "peak resident, MB"], rows)


def markdown(results):
    machine = results["machine"]
    versions = "".join(f", {package} {version}" for package, version in
                       results["versions"].items())
    threads, variants = results["threads"], results["variants"]
    parallel = {variant: data["parallel"] for variant, data in variants.items()
                if "parallel" in data}
    cores = "one core" if threads == 1 else f"{threads} cores"
    loads = [data["load_average"] for data in variants.values()]
    parts = [
        f"{machine['cpu']}, {cores}, {both_texts(results)}, float32, batch 1, "
        f"{results['image_size']}x{results['image_size']}; commit "
        f"{machine['commit']}{versions}. Load average {min(loads):.1f} to "
        f"{max(loads):.1f}."]
    if parallel:
        parts += [latency_table(results, variants, "one thread, ms (ratio)"),
                  latency_table(results, parallel,
                                f"{threads_text(threads)}, ms (ratio)"),
                  gain_table(results, parallel)]
    else:
        parts += [latency_table(results, variants, "ms (ratio)"),
                  share_table(results)]
    if any("starts" in data for data in variants.values()):
        parts.append(start_table(results))
    if any(not row["settled"]
           for data in [*variants.values(), *parallel.values()]
           for row in data["rows"].values()):
        parts.append("~: best and third-best time differ by more than 3 %: "
                     "the machine was busy.")
    parts += [f"Left out: {text}" for text in results["left_out"]]
    return "\n\n".join(parts) + "\n"


# Ours, then peers in the order of the tables.
COLOURS = ("#d1495b", "#30638e", "#00798c", "#8f9779", "#c9a227", "#7a5c99",
           "#5f6c7b", "#a3a3a3")


def plot(results):
    """Grouped columns: share of the measured peak, latency on top."""
    variants = results["variants"]
    names = [name for name in results["titles"]
             if any(name in data["rows"] for data in variants.values())]
    bar, gap, left, top, height = 26, 36, 46, 58, 280
    group = bar * len(names) + gap
    width = left + group * len(variants) + 10
    bottom = top + height
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{bottom + 34}" viewBox="0 0 {width} {bottom + 34}" '
        'font-family="sans-serif" font-size="12">',
        "<style>text{fill:#222}.grid{stroke:#8884}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
        f'<text x="{left}" y="16" font-size="14" font-weight="bold">Share of '
        "one core's multiply-add peak, float32, batch 1 (on top: ms)</text>"]
    x = left
    for colour, name in zip(COLOURS, names):
        title = results["titles"][name]
        out.append(f'<rect x="{x}" y="26" width="11" height="11" '
                   f'fill="{colour}"/><text x="{x + 15}" y="36">'
                   f"{escape(title)}</text>")
        x += 30 + 7 * len(title)
    for percent in range(0, 101, 20):
        y = bottom - height * percent / 100
        out.append(f'<line class="grid" x1="{left}" y1="{y}" '
                   f'x2="{width - 10}" y2="{y}"/><text x="{left - 6}" '
                   f'y="{y + 4}" text-anchor="end">{percent} %</text>')
    for index, (variant, data) in enumerate(variants.items()):
        x = left + gap / 2 + index * group
        out.append(f'<text x="{x + bar * len(names) / 2}" y="{bottom + 20}" '
                   f'text-anchor="middle" font-weight="bold">{variant}</text>')
        for colour, name in zip(COLOURS, names):
            row = data["rows"].get(name)
            if row and "peak_share" in row:
                size = height * row["peak_share"]
                out.append(
                    f'<rect x="{x + 1}" y="{bottom - size:.1f}" '
                    f'width="{bar - 2}" height="{size:.1f}" fill="{colour}">'
                    f"<title>{escape(results['titles'][name])}: "
                    f"{row['ms']:.3f} ms</title></rect>"
                    f'<text x="{x + bar / 2}" y="{bottom - size - 4:.1f}" '
                    f'text-anchor="middle" font-size="9">'
                    f"{row['ms']:.{1 if row['ms'] < 100 else 0}f}</text>")
            x += bar
    return "\n".join(out + ["</svg>", ""])
