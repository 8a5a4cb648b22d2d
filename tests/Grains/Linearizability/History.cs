namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>
/// Concurrent calls to one key. They are linearizable when there is an order of them that respects their times and in
/// which a <see cref="SequentialKeyModel"/> gives every response that was observed. The search is that of Wing and
/// Gong, with memoization of dead ends.
/// </summary>
internal sealed class History(IReadOnlyList<Call> calls)
{
    private readonly HashSet<(ulong Ordered, SequentialKeyModel Key)> _deadEnds = [];

    public bool IsLinearizable() => calls.Count <= 64
        ? CanOrderRest(0, SequentialKeyModel.Initial)
        : throw new InvalidOperationException("The search represents the ordered calls by 64 bits.");

    public override string ToString() =>
        string.Join('\n', calls.OrderBy(call => call.Start).Select(call => $"  {call}"));

    private bool CanOrderRest(ulong ordered, SequentialKeyModel key)
    {
        var rest = Enumerable.Range(0, calls.Count).Where(i => (ordered & (1UL << i)) == 0).ToList();
        if (rest.TrueForAll(i => calls[i].Response is null)) return true;
        if (_deadEnds.Contains((ordered, key))) return false;

        // The next call in the order must have started before any other remaining call ended.
        var firstEnd = rest.Min(i => calls[i].End);
        foreach (var i in rest.Where(i => calls[i].Start < firstEnd))
        {
            var (next, response) = key.Apply(calls[i].Request);
            if ((calls[i].Response is null || calls[i].Response == response)
                && CanOrderRest(ordered | (1UL << i), next))
            {
                return true;
            }
        }

        _deadEnds.Add((ordered, key));
        return false;
    }
}
