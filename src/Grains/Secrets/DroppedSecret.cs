namespace KeysCluster.Grains.Secrets;

/// <summary>A secret of which nothing is kept any more but that it was there.</summary>
/// <param name="Id">Names it.</param>
/// <param name="CreatedAt">When it became the current one.</param>
internal sealed record DroppedSecret(string Id, DateTimeOffset CreatedAt)
{
    /// <summary>How many of them are kept at most: a loop that rotates without grace makes any number.</summary>
    public const int Most = 32;

    /// <summary>Far longer than a REST call may take, which is how long a front end sends its command again.</summary>
    private static readonly TimeSpan Repetition = TimeSpan.FromMinutes(1);

    public bool MayComeAgain(DateTimeOffset now) => now < CreatedAt + Repetition;
}
