#!/usr/bin/env python3
"""Train the model that tells article from furniture.

usage: train.py LESSONS model.bin     (needs numpy and lightgbm)

LESSONS is what `BROADSHEET_CORPORA=... BROADSHEET_LESSONS=LESSONS go test -run TestWriteLessons .` writes: one page per line,
its blocks with vectors and the verdicts of three extractors, and the passages that people marked as belonging to the article
("with") or not ("without"). A marked block is a strong example, as is each block of the pages in read.tsv, of which the
uncertain blocks and the ends of articles were read, the former model deciding the rest; what the extractors agree about is a weak one. Prints the snippet F1 of a five-fold cross-validation, no
site in two folds, and how many of the pages read come out without one block wrong, then writes the model of all pages in the
form that model.go reads. The rules around the model have no part in that.

read.tsv has a line for each page: its file, the blocks that belong to the article and those that may, as hashes of their
words. All others do not belong.
"""
import hashlib, json, os, re, struct, sys

import lightgbm
import numpy as np

FOLDS, ROUNDS = 5, 260
PARAMS = dict(objective='cross_entropy', learning_rate=.06, num_leaves=16, min_data_in_leaf=40, feature_fraction=.3,
              bagging_fraction=.7, bagging_freq=1, lambda_l2=5, max_bin=63, seed=3, num_threads=1, verbose=-1)
KEPT = .6              # share of a block from which an extractor counts as keeping it
AGREED, SPLIT = .08, .03  # weights of blocks the extractors agree and do not agree about
ACCEPTED = .5          # probability from which text.go keeps a block
REJECTED = .35         # share of the unmarked blocks that all reject which is learnt from, for speed


def squeeze(text):
    return re.sub(r'\s+', ' ', text or '').strip()


def digest(text):
    return hashlib.md5(re.sub(r'\W+', ' ', text.lower()).strip().encode()).hexdigest()[:6]


def site(address):
    """The host of an address, of an archived one that of the page in the archive."""
    address = re.sub(r'^.*?web\.archive\.org/web/[^/]*/', '', address)
    return re.sub(r'^(hard::|\w+://|www\.)+', '', address).split('/')[0]


class Page:
    def __init__(self, line, read):
        d = json.loads(line)
        blocks = d['blocks']
        self.fold = int(hashlib.md5(site(d['url']).encode()).hexdigest(), 16) % FOLDS
        self.texts = [squeeze(b['text']) for b in blocks]
        self.x = np.array([b['vector'] for b in blocks], dtype=np.float32)
        self.keep = [squeeze(s) for s in d['with'] or []]
        self.drop = [squeeze(s) for s in d['without'] or []]
        votes = np.array([b['votes'] for b in blocks]).reshape(-1, 3) >= KEPT
        self.votes = votes.sum(axis=1)
        self.y = np.where(votes[:, 0] & (votes[:, 1] | votes[:, 2]), 1., np.where(self.votes >= 2, .5, 0.))
        self.w = np.where(np.isin(self.votes, (0, 3)), AGREED, SPLIT)
        self.truth = self.read(*read[d['file']]) if d['file'] in read else None
        self.mark()
        rejected = (self.w < 1) & (self.votes == 0)
        self.use = ~rejected | (np.random.RandomState(1).rand(len(blocks)) < REJECTED)
        self.w = np.where(rejected, self.w / REJECTED, self.w) / np.sqrt(len(blocks) / 100 + 1)

    def read(self, keep, unsure):
        """Label all blocks of a page that was read; -1 are those that may belong or not."""
        hashes = [digest(t) for t in self.texts]
        truth = np.array([-1 if h in unsure else int(h in keep) for h in hashes])
        self.y, self.w = np.where(truth < 0, self.y, truth).astype(float), np.where(truth < 0, 0., 1.)
        return truth

    def mark(self):
        """Label the blocks that marked passages stand in."""
        starts = np.cumsum([0] + [len(t) + 1 for t in self.texts])[:-1]
        joined = ' '.join(self.texts)
        for s in self.drop:
            for blocks in self.find(s, joined, starts):
                for i in blocks:
                    if len(blocks) == 1 or len(self.texts[i]) >= 3:
                        self.y[i], self.w[i] = 0, max(self.w[i], 1)
        for s in self.keep:
            found = self.find(s, joined, starts)
            if found:
                best = max(found, key=lambda b: (self.votes[b].mean(), self.x[b, 1].mean()))
                self.y[best], self.w[best] = 1, 1.5 if len(found) == 1 else 1.2

    @staticmethod
    def find(s, joined, starts):
        found, at = [], joined.find(s) if s else -1
        while at >= 0:
            first, last = np.searchsorted(starts, (at, at + len(s) - 1), 'right') - 1
            found.append(list(range(first, last + 1)))
            at = joined.find(s, at + len(s))
        return found


def fit(pages):
    x, y, w = (np.concatenate([getattr(p, k)[p.use] for p in pages]) for k in 'xyw')
    return lightgbm.train(PARAMS, lightgbm.Dataset(x, y, weight=w), ROUNDS)


def validate(pages):
    tp = fp = fn = exact = 0
    for fold in range(FOLDS):
        model = fit([p for p in pages if p.fold != fold])
        for p in pages:
            if p.fold != fold:
                continue
            kept = model.predict(p.x, num_threads=1) > ACCEPTED
            exact += p.truth is not None and not np.any((p.truth >= 0) & (kept != p.truth))
            text = ' '.join(t for t, k in zip(p.texts, kept) if k)
            hit = sum(s in text for s in p.keep)
            tp, fn, fp = tp + hit, fn + len(p.keep) - hit, fp + sum(s in text for s in p.drop)
    print(f'{FOLDS}-fold: F1 {2*tp/(2*tp+fp+fn):.4f} precision {tp/(tp+fp):.4f} recall {tp/(tp+fn):.4f}')
    print(f'without one block wrong: {exact} of the {sum(p.truth is not None for p in pages)} pages read')


def export(model):
    trees = model.dump_model()['tree_info']
    out = struct.pack('<H', len(trees))
    for tree in trees:
        nodes, leaves = [], []

        def walk(n):
            if 'leaf_value' in n:
                leaves.append(n['leaf_value'])
                return ~(len(leaves) - 1)
            at = len(nodes)
            nodes.append(None)
            left, right = walk(n['left_child']), walk(n['right_child'])
            nodes[at] = (n['split_feature'], left, right, round_down(n['threshold']))
            return at

        walk(tree['tree_structure'])
        out += struct.pack('<B', len(nodes))
        out += b''.join(struct.pack('<Bbbf', *n) for n in nodes) + b''.join(struct.pack('<f', v) for v in leaves)
    return out


def round_down(x):
    y = np.float32(x)
    return float(y if y <= x else np.nextafter(y, np.float32(-np.inf)))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'read.tsv')) as f:
        rows = [line.rstrip('\n').split('\t') for line in f if not line.startswith('#')]
    read = {r[0]: (set(r[1].split()), set(r[2].split())) for r in rows}
    pages = [Page(line, read) for line in open(sys.argv[1]) if '"blocks":[]' not in line]
    validate(pages)
    with open(sys.argv[2], 'wb') as f:
        f.write(export(fit(pages)))


main()
