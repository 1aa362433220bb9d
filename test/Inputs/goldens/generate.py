#!/usr/bin/env python3
"""Deterministic MobileOne weights and inputs from a counter-based formula.

Needs numpy only.  Every number is a pure function of (seed, key, index) and of
the small per-variant text table bn_table_<variant>.txt; see README.md for the
formula in words.  All intermediate values are dyadic rationals that fit in a
double, so the result does not depend on the rounding mode of the
multiply-adds (fused or not): any conforming implementation is bit-exact.

  generate.py --variant s2 --out s2.safetensors
  generate.py --variant s0 --layout apple --form deploy --out s0.npz
  generate.py --variant s1 --layout mmpretrain --out s1.pth
  generate.py --variant s0 --inputs in.npz
"""
import argparse
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
DEFAULT_SEED = 1
EPS = 1e-5

_W = {'s0': (0.75, 1.0, 1.0, 2.0), 's1': (1.5, 1.5, 2.0, 2.5),
      's2': (1.5, 2.0, 2.5, 4.0), 's3': (2.0, 2.5, 3.0, 4.0),
      's4': (3.0, 3.5, 3.5, 4.0)}
DEPTH = (2, 8, 10, 1)
BASE = (64, 128, 256, 512)
# variant -> (channels per stage, conv branches, SE blocks at the end of each stage)
VARIANTS = {v: (tuple(int(b * f) for b, f in zip(BASE, w)),
                4 if v == 's0' else 1,
                (0, 0, 5, 1) if v == 's4' else (0, 0, 0, 0))
            for v, w in _W.items()}


# ----------------------------------------------------------------- counter rng
def fnv1a64(text):
    h = 0xCBF29CE484222325
    for b in text.encode('utf-8'):
        h = ((h ^ b) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def bits24(seed, key, n, start=0):
    """n integers in [0, 2^24): the top 24 bits of a mixed 64-bit counter."""
    state = fnv1a64(key) ^ ((seed * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
    with np.errstate(over='ignore'):
        z = np.uint64(state) + (np.arange(start, start + n, dtype=np.uint64) + np.uint64(1)) * GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.int64)


def unit(seed, key, n):          # [0, 1)
    return bits24(seed, key, n) * 2.0 ** -24


def sym(seed, key, n):           # [-1, 1)
    return 2.0 * unit(seed, key, n) - 1.0


# ---------------------------------------------------------------- architecture
def blocks(variant):
    """(key prefix, cin, cout, kernel, stride, groups, branches, has_se)"""
    width, nb, se = VARIANTS[variant]
    c = min(64, width[0])
    out = [('stem', 3, c, 3, 2, 1, 1, False)]
    for s in range(4):
        for i in range(DEPTH[s]):
            use_se = i >= DEPTH[s] - se[s]
            out.append((f'stages.{s}.{2 * i}', c, c, 3, 2 if i == 0 else 1, c, nb, use_se))
            out.append((f'stages.{s}.{2 * i + 1}', c, width[s], 1, 1, 1, nb, use_se))
            c = width[s]
    return out


def branches(block):
    """(branch key, kernel or 0 for a bare norm) in checkpoint order."""
    name, cin, cout, k, stride, groups, nb, _ = block
    out = []
    if cin == cout and stride == 1:
        out.append((f'{name}.identity', 0))
    out += [(f'{name}.conv_kxk.{b}', k) for b in range(nb)]
    if k > 1:
        out.append((f'{name}.conv_scale', 1))
    return out


# -------------------------------------------------------------------- formulas
def scale_for(fan_in):
    return 2.0 ** -(int(fan_in).bit_length() // 2)


def dense(seed, key, rows, fan_in, extra=1.0):
    """Rows of t[j] - 3/4 t[j+1] (cyclic): nearly zero row sums."""
    t = sym(seed, key, rows * fan_in).reshape(rows, fan_in)
    return (t - 0.75 * np.roll(t, -1, axis=1)) * (scale_for(fan_in) * extra)


def conv_weight(seed, key, cin, cout, k, groups):
    if groups == 1:
        w = dense(seed, key, cout, cin * k * k)
    elif k == 1:
        w = 0.75 + 0.5 * sym(seed, key, cout)
    else:
        w = 0.5 * sym(seed, key, cout * k * k).reshape(cout, k * k)
        w[:, (k * k) // 2] += 0.75
    return w.reshape(cout, cin // groups, k, k).astype(np.float32)


def norm_params(seed, key, c, stats):
    """Batch-norm tensors; stats = (mean, spread, var) from the table."""
    m, r, v = stats
    pick = bits24(seed, key + '.kind', c) & 31       # 0: eps-sensitive  1,2: negative gamma
    gamma = 0.5 + unit(seed, key + '.weight', c)
    gamma[(pick == 1) | (pick == 2)] *= -1.0
    var = v * (0.5 + unit(seed, key + '.running_var', c))
    gamma[pick == 0] *= 2.0 ** -8
    var[pick == 0] = 2.0 ** -17
    return {
        f'{key}.weight': gamma.astype(np.float32),
        f'{key}.bias': (0.5 * sym(seed, key + '.bias', c)).astype(np.float32),
        f'{key}.running_mean': (m + 0.5 * r * sym(seed, key + '.running_mean', c)).astype(np.float32),
        f'{key}.running_var': var.astype(np.float32),
        f'{key}.num_batches_tracked': np.array(1000 + seed, dtype=np.int64),
    }


def load_table(variant, path=None):
    """bn_table_<variant>.txt: `key mean spread var` per line, plus `head scale`.

    The tables here were calibrated for seed 1.  Another seed needs its own.
    """
    table = {}
    with open(path or os.path.join(HERE, f'bn_table_{variant}.txt')) as f:
        for line in f:
            if line.strip() and not line.startswith('#'):
                p = line.split()
                table[p[0]] = tuple(float(x) for x in p[1:])
    return table


def se_tensors(seed, name, c):
    r = c // 16
    return {
        f'{name}.attn.fc1.weight': dense(seed, f'{name}.attn.fc1.weight', r, c, 1.0).astype(np.float32).reshape(r, c, 1, 1),
        f'{name}.attn.fc1.bias': (0.5 * sym(seed, f'{name}.attn.fc1.bias', r)).astype(np.float32),
        f'{name}.attn.fc2.weight': dense(seed, f'{name}.attn.fc2.weight', c, r, 2.0).astype(np.float32).reshape(c, r, 1, 1),
        f'{name}.attn.fc2.bias': (0.5 + 0.5 * sym(seed, f'{name}.attn.fc2.bias', c)).astype(np.float32),
    }


def block_tensors(seed, block, table):
    name, cin, cout, k, stride, groups, nb, se = block
    out = {}
    for key, bk in branches(block):
        if bk == 0:
            out.update(norm_params(seed, key, cin, table[key]))
        else:
            out[f'{key}.conv.weight'] = conv_weight(seed, f'{key}.conv.weight', cin, cout, bk, groups)
            out.update(norm_params(seed, f'{key}.bn', cout, table[f'{key}.bn']))
    if se:
        out.update(se_tensors(seed, name, cout))
    return out


def head_tensors(seed, c, classes, scale):
    return {
        'head.fc.weight': dense(seed, 'head.fc.weight', classes, c, scale).astype(np.float32),
        'head.fc.bias': (0.25 * sym(seed, 'head.fc.bias', classes)).astype(np.float32),
    }


def train_state(variant, seed=DEFAULT_SEED, classes=1000, table=None):
    """Training form, timm key names, checkpoint order."""
    table = table or load_table(variant)
    out = {}
    for b in blocks(variant):
        out.update(block_tensors(seed, b, table))
    out.update(head_tensors(seed, VARIANTS[variant][0][3], classes, table['head'][0]))
    return out


def fuse(variant, state):
    """Deploy form: fold in double, round once to float32."""
    out = {}
    for b in blocks(variant):
        name, cin, cout, k, stride, groups, nb, se = b
        kernel = np.zeros((cout, cin // groups, k, k))
        bias = np.zeros(cout)
        for key, bk in branches(b):
            bn = key if bk == 0 else f'{key}.bn'
            p = {n: state[f'{bn}.{n}'].astype(np.float64) for n in ('weight', 'bias', 'running_mean', 'running_var')}
            t = p['weight'] / np.sqrt(p['running_var'] + EPS)
            if bk == 0:
                i = np.arange(cout)
                kernel[i, i % (cin // groups), k // 2, k // 2] += t
            else:
                w = state[f'{key}.conv.weight'].astype(np.float64) * t[:, None, None, None]
                if bk == k:
                    kernel += w
                else:
                    kernel[:, :, k // 2, k // 2] += w[:, :, 0, 0]
            bias += p['bias'] - p['running_mean'] * t
        out[f'{name}.reparam_conv.weight'] = kernel.astype(np.float32)
        out[f'{name}.reparam_conv.bias'] = bias.astype(np.float32)
        if se:
            for n in ('fc1', 'fc2'):
                for q in ('weight', 'bias'):
                    out[f'{name}.attn.{n}.{q}'] = state[f'{name}.attn.{n}.{q}']
    out['head.fc.weight'] = state['head.fc.weight']
    out['head.fc.bias'] = state['head.fc.bias']
    return out


def make_input(seed, which, h=224, w=224, key='input'):
    """1x3xHxW, already normalised: blocks of 28, 8 and 1 pixels."""
    out = np.zeros((3, h, w))
    for cell, amp in ((28, 1.0), (8, 0.5), (1, 0.25)):
        gh, gw = -(-h // cell), -(-w // cell)
        g = sym(seed, f'{key}.{which}.{cell}', 3 * gh * gw).reshape(3, gh, gw)
        out += amp * np.repeat(np.repeat(g, cell, 1), cell, 2)[:, :h, :w]
    return out.astype(np.float32)[None]


# ------------------------------------------------------------------ key layouts
def rename(key, layout):
    """timm key -> the same tensor's key in another layout."""
    if layout == 'timm':
        return key
    p = key.split('.')
    if p[0] == 'head':
        return 'linear.' + p[2] if layout == 'apple' else key
    if p[0] == 'stem':
        pre, rest = ['stage0'], p[1:]
    else:
        pre, rest = [f'stage{int(p[1]) + 1}', p[2]], p[3:]
    if layout == 'apple':
        first = {'identity': ['rbr_skip'], 'conv_kxk': ['rbr_conv'], 'conv_scale': ['rbr_scale'],
                 'reparam_conv': ['reparam_conv'], 'attn': ['se']}[rest[0]]
        tail = [{'fc1': 'reduce', 'fc2': 'expand'}.get(x, x) for x in rest[1:]]
        return '.'.join(pre + first + tail)
    if layout == 'mmpretrain':
        first = {'identity': ['branch_norm'], 'conv_kxk': ['branch_conv_list'], 'conv_scale': ['branch_scale'],
                 'reparam_conv': ['branch_reparam'], 'attn': ['se']}[rest[0]]
        tail = [{'fc1': 'conv1.conv', 'fc2': 'conv2.conv', 'bn': 'norm'}.get(x, x) for x in rest[1:]]
        return '.'.join(['backbone'] + pre + first + tail)
    raise ValueError(layout)


def relayout(state, layout):
    return {rename(k, layout): v for k, v in state.items()}


# ------------------------------------------------------------------------- main
def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--variant', required=True, choices=sorted(VARIANTS))
    ap.add_argument('--seed', type=int, default=DEFAULT_SEED)
    ap.add_argument('--classes', type=int, default=1000)
    ap.add_argument('--layout', default='timm', choices=['timm', 'apple', 'mmpretrain'])
    ap.add_argument('--form', default='train', choices=['train', 'deploy'])
    ap.add_argument('--out', help='.safetensors, .npz, .pth or .pth.tar')
    ap.add_argument('--inputs', help='.npz with input0 and input1')
    ap.add_argument('--size', type=int, default=224)
    ap.add_argument('--table', help='batch-norm table; default: the one for seed 1 beside this script')
    a = ap.parse_args()
    if a.inputs:
        np.savez(a.inputs, **{f'input{i}': make_input(a.seed, i, a.size, a.size) for i in (0, 1)})
    if a.out:
        import tensorfiles
        st = train_state(a.variant, a.seed, a.classes, load_table(a.variant, a.table))
        if a.form == 'deploy':
            st = fuse(a.variant, st)
        st = relayout(st, a.layout)
        if a.out.endswith('.npz'):
            np.savez(a.out, **st)
        elif a.out.endswith('.safetensors'):
            tensorfiles.save_safetensors(a.out, st)
        else:
            wrap = {'meta': {'mmpretrain_version': '1.2.0', 'dataset_meta': {}}} if a.layout == 'mmpretrain' else None
            tensorfiles.save_pth(a.out, st, wrap)


if __name__ == '__main__':
    main()
