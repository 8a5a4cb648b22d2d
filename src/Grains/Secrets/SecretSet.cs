using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The secrets of a key or project: the current one, and replaced ones with a deadline each. A secret past its deadline
/// stays until it is erased, so that verdicts distinguish it from an unknown one.
/// </summary>
internal sealed record SecretSet
{
    /// <summary>
    /// The maximum number of retiring secrets, and half as many expired ones that may not be erased yet.
    /// </summary>
    public const int MaxReplacedSecrets = GracePeriod.MaxRetiringSecrets * 3 / 2;

    [JsonPropertyName("current")]
    public required StoredSecret CurrentSecret { get; init; }

    /// <summary>Replaced secrets, last replaced first.</summary>
    public ImmutableArray<StoredSecret> Replaced { get; init; } = [];

    /// <summary>The last use of a secret that has been erased since.</summary>
    public DateTimeOffset? ErasedLastUsedAt { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>Returns the time at which the next hash is due to be erased; null when there is none.</summary>
    public DateTimeOffset? GetNextDeadline() => Replaced.Min(secret => secret.ValidUntil);

    /// <summary>
    /// Returns the latest deadline of a secret that no caller has expired; null when there is none.
    /// </summary>
    public DateTimeOffset? GetLastDeadline() =>
        Replaced.Where(secret => !secret.IsExpired).Max(secret => secret.ValidUntil);

    /// <summary>
    /// Makes <paramref name="next"/> the current secret and retires the one before it until a deadline. Returns null
    /// when too many secrets would be retiring: expiring one of them early would reject clients that still use it.
    /// </summary>
    public SecretSet? Rotate(
        StoredSecret next, DateTimeOffset deadline, DateTimeOffset now, DateTimeOffset eraseBefore)
    {
        var remaining = WithoutExpired(eraseBefore);
        var retiring = CurrentSecret with { ValidUntil = deadline, IsExpired = deadline <= now };
        if (!retiring.HasExpired(now) && remaining.CountRetiring(now) >= GracePeriod.MaxRetiringSecrets) return null;

        // While the clock of this silo is wrong, nothing is erased.
        if (remaining.Replaced.Length >= MaxReplacedSecrets) return null;
        return remaining with { CurrentSecret = next, Replaced = remaining.Replaced.Insert(0, retiring) };
    }

    /// <summary>Sets the deadlines of retiring secrets. Expired secrets stay expired.</summary>
    public SecretSet WithDeadlines(Func<StoredSecret, DateTimeOffset?> deadline, DateTimeOffset now)
    {
        StoredSecret Apply(StoredSecret secret) =>
            secret.HasExpired(now) ? secret : secret with { ValidUntil = deadline(secret) };

        return this with { Replaced = [.. Replaced.Select(Apply)] };
    }

    /// <summary>
    /// Expires replaced secrets, also those whose deadlines have passed; returns the same instance when they are
    /// expired already.
    /// </summary>
    public SecretSet Expire(Func<StoredSecret, bool> isSelected, DateTimeOffset now) =>
        Replaced.Any(secret => !secret.IsExpired && isSelected(secret))
            ? this with
            {
                Replaced =
                [
                    .. Replaced.Select(secret => !isSelected(secret) ? secret : secret with
                    {
                        IsExpired = true,
                        ValidUntil = secret.HasExpired(now) ? secret.ValidUntil : now,
                    }),
                ],
            }
            : this;

    /// <summary>Removes expired secrets; returns the same instance when there are none.</summary>
    public SecretSet WithoutExpired(DateTimeOffset now) => Replaced.Any(secret => secret.HasExpired(now))
        ? this with
        {
            Replaced = Replaced.RemoveAll(secret => secret.HasExpired(now)),
            ErasedLastUsedAt = Replaced.Where(secret => secret.HasExpired(now))
                .Select(secret => secret.LastUsedAt)
                .Append(ErasedLastUsedAt)
                .Max(),
        }
        : this;

    /// <summary>Returns the last use of any secret, erased ones included; null when there was none.</summary>
    public DateTimeOffset? GetLastUse() => All().Select(secret => secret.LastUsedAt).Append(ErasedLastUsedAt).Max();

    public StoredSecret? Find(in PresentedHashes presented)
    {
        if (presented.Match(CurrentSecret)) return CurrentSecret;
        foreach (var secret in Replaced)
            if (presented.Match(secret)) return secret;
        return null;
    }

    public StoredSecret? Find(string id)
    {
        if (CurrentSecret.Id == id) return CurrentSecret;
        foreach (var secret in Replaced)
            if (secret.Id == id) return secret;
        return null;
    }

    public IEnumerable<StoredSecret> All() => Replaced.Prepend(CurrentSecret);

    public StoredSecret? FindRetiring(SecretId id, DateTimeOffset now) =>
        Replaced.FirstOrDefault(secret => secret.Id == id.ToString() && !secret.HasExpired(now));

    public int CountRetiring(DateTimeOffset now) => Replaced.Count(secret => !secret.HasExpired(now));

    /// <summary>Returns the public view of the retiring secrets, latest deadline first.</summary>
    public IReadOnlyList<RetiringSecret> GetRetiringSecrets(DateTimeOffset now) =>
    [
        .. from secret in Replaced
           where !secret.HasExpired(now)
           orderby secret.ValidUntil descending
           select new RetiringSecret
           {
               Id = SecretId.Parse(secret.Id),
               DisplayPrefix = secret.DisplayPrefix,
               ValidUntil = secret.ValidUntil!.Value,
               LastUsedAt = secret.LastUsedAt,
               LastUsedFrom = secret.LastUsedFrom,
           },
    ];

    /// <summary>Sets times of last use; returns the same instance when it contains them already.</summary>
    public SecretSet WithLastUsed(IReadOnlyDictionary<string, SecretUse> uses)
    {
        bool IsNewer(StoredSecret secret) =>
            uses.TryGetValue(secret.Id, out var used) && !(secret.LastUsedAt >= used.At);
        StoredSecret Apply(StoredSecret secret) =>
            IsNewer(secret)
                ? secret with { LastUsedAt = uses[secret.Id].At, LastUsedFrom = uses[secret.Id].Address }
                : secret;

        return IsNewer(CurrentSecret) || Replaced.Any(IsNewer)
            ? this with { CurrentSecret = Apply(CurrentSecret), Replaced = [.. Replaced.Select(Apply)] }
            : this;
    }

    /// <summary>
    /// Takes over the hashes of secrets that were rehashed; returns the same instance when it contains them already.
    /// </summary>
    public SecretSet WithRehashed(IReadOnlyDictionary<string, RehashedSecret> rehashed)
    {
        bool IsRehashed(StoredSecret secret) =>
            rehashed.TryGetValue(secret.Id, out var other) && other.IsFrom(secret);
        StoredSecret Apply(StoredSecret secret) =>
            IsRehashed(secret) ? rehashed[secret.Id].ApplyTo(secret) : secret;

        return IsRehashed(CurrentSecret) || Replaced.Any(IsRehashed)
            ? this with { CurrentSecret = Apply(CurrentSecret), Replaced = [.. Replaced.Select(Apply)] }
            : this;
    }
}
