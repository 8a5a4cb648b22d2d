#pragma warning disable RS0030 // A seed repeats the schedule of a run. Nothing secret is generated here.
namespace KeysCluster.Cluster.EndToEnd;

/// <summary>Random choices that a seed repeats.</summary>
internal sealed class SeededRandom(int seed)
{
    private readonly Random _random = new(seed);

    public static int NewSeed() => Random.Shared.Next(1, int.MaxValue);

    public int Next(int maxExclusive) => _random.Next(maxExclusive);

    public double NextDouble() => _random.NextDouble();

    public bool NextBool(double probability) => _random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    public TimeSpan NextDuration(double minSeconds, double maxSeconds) =>
        TimeSpan.FromSeconds(minSeconds + (_random.NextDouble() * (maxSeconds - minSeconds)));
}
