using System.Collections.Immutable;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>
/// The secrets of one key or project: the current one and those that it replaced, each with a deadline of its own.
/// Secrets past their deadline stay until they are erased, so that they can be told from unknown ones.
/// </summary>
internal sealed record SecretSet
{
    public required StoredSecret Current { get; init; }

    /// <summary>Latest replaced first.</summary>
    public ImmutableArray<StoredSecret> Replaced { get; init; } = [];

    /// <summary>
    /// Secrets that were dropped soon after they had been made, latest first; null for none. A rotation that is sent again
    /// while others end its secret must not bring that back.
    /// </summary>
    public IReadOnlyList<DroppedSecret>? Dropped { get; init; }

    /// <summary>When the next hash is due to be erased; null when there is none to erase.</summary>
    public DateTimeOffset? EarliestDeadline() => Replaced.Min(secret => secret.ValidUntil);

    /// <summary>
    /// Makes <paramref name="next"/> the current secret and retires the one before it until a deadline; null when too
    /// many would be retiring, since ending one of them early would cut its clients off.
    /// </summary>
    public SecretSet? Rotate(StoredSecret next, DateTimeOffset deadline, DateTimeOffset now)
    {
        var remaining = WithoutEnded(now);
        var retiring = Current with { ValidUntil = deadline };
        if (!retiring.HasEnded(now) && remaining.Replaced.Length >= GracePeriod.MaxRetiringSecrets) return null;
        return remaining with { Current = next, Replaced = remaining.Replaced.Insert(0, retiring) };
    }

    /// <summary>Gives retiring secrets another deadline; those that have ended stay ended.</summary>
    public SecretSet Move(Func<StoredSecret, DateTimeOffset?> deadline, DateTimeOffset now) => this with
    {
        Replaced = [.. Replaced.Select(secret => secret.HasEnded(now) ? secret : secret with { ValidUntil = deadline(secret) })],
    };

    /// <summary>Drops the hashes of secrets whose deadline has passed; the same set when there are none.</summary>
    public SecretSet WithoutEnded(DateTimeOffset now)
    {
        var ended = Replaced.Where(secret => secret.HasEnded(now)).ToList();
        if (ended.Count == 0) return this;
        var dropped = ended.Select(secret => new DroppedSecret(secret.Id, secret.CreatedAt))
            .Concat(Dropped ?? [])
            .Where(secret => secret.MayComeAgain(now))
            .Take(DroppedSecret.Most)
            .ToList();
        return this with
        {
            Replaced = Replaced.RemoveAll(secret => secret.HasEnded(now)),
            Dropped = dropped.Count == 0 ? null : dropped,
        };
    }

    public StoredSecret? Find(ReadOnlySpan<byte> hash)
    {
        if (Current.HasHash(hash)) return Current;
        foreach (var secret in Replaced)
            if (secret.HasHash(hash)) return secret;
        return null;
    }

    public StoredSecret? Find(string id) => All().FirstOrDefault(secret => secret.Id == id);

    /// <summary>Whether a secret is or was one of these, as far as a command that is sent again can ask for it.</summary>
    public bool HasHad(SecretId id, DateTimeOffset now)
    {
        var text = id.ToString();
        return Find(text) is not null || (Dropped ?? []).Any(secret => secret.Id == text && secret.MayComeAgain(now));
    }

    public IEnumerable<StoredSecret> All() => Replaced.Prepend(Current);

    public StoredSecret? FindRetiring(SecretId id, DateTimeOffset now) =>
        Replaced.FirstOrDefault(secret => secret.Id == id.ToString() && !secret.HasEnded(now));

    public bool HasRetiring(DateTimeOffset now) => Replaced.Any(secret => !secret.HasEnded(now));

    /// <summary>What people see of the retiring secrets, latest deadline first.</summary>
    public IReadOnlyList<RetiringSecret> Retiring(DateTimeOffset now) =>
    [
        .. from secret in Replaced
           where !secret.HasEnded(now)
           orderby secret.ValidUntil descending
           select new RetiringSecret
           {
               Id = SecretId.Parse(secret.Id),
               DisplayPrefix = secret.DisplayPrefix,
               ValidUntil = secret.ValidUntil!.Value,
               LastUsedAt = secret.LastUsedAt,
           },
    ];

    /// <summary>The set with the latest uses that are known; the same set when it holds those already.</summary>
    public SecretSet WithUses(IReadOnlyDictionary<string, DateTimeOffset> uses)
    {
        bool IsNewer(StoredSecret secret) =>
            uses.TryGetValue(secret.Id, out var used) && !(secret.LastUsedAt >= used);
        StoredSecret Applied(StoredSecret secret) =>
            IsNewer(secret) ? secret with { LastUsedAt = uses[secret.Id] } : secret;

        return IsNewer(Current) || Replaced.Any(IsNewer)
            ? this with { Current = Applied(Current), Replaced = [.. Replaced.Select(Applied)] }
            : this;
    }
}
