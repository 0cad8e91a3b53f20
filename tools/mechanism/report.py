from tools.mechanism import targets


def write(runs, w):
    for t in targets.published():
        v = targets.MODEL[t.id](runs, w)
        print(
            "%-8s %-24s %8.3f  [%6.3g, %6.3g] %s"
            % (t.use, t.id, v, t.low, t.high, "hit" if t.low <= v <= t.high else "MISS")
        )
