#pragma warning disable RS0030 // A seed repeats a run's schedule; nothing secret comes from here.
namespace KeysCluster.Cluster.EndToEnd;

/// <summary>Chance that a seed repeats.</summary>
internal sealed class SeededRandom(int seed)
{
    private readonly Random _random = new(seed);

    public static int NewSeed() => Random.Shared.Next(1, int.MaxValue);

    public int Next(int below) => _random.Next(below);

    public double NextDouble() => _random.NextDouble();

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public TimeSpan NextDuration(double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + (_random.NextDouble() * (toSeconds - fromSeconds)));
}
