using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Validation;

/// <summary>A verdict that stands until the next instant at which a key says something else by itself.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="From">When it was made.</param>
/// <param name="Until">The next deadline or expiry of the key.</param>
internal sealed record TimedVerdict(Verdict Verdict, DateTimeOffset From, DateTimeOffset Until)
{
    public bool Holds(DateTimeOffset now) => From <= now && now < Until;
}
