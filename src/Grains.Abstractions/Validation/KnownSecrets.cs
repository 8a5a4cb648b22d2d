using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation;

/// <summary>Which secrets of one key or project a client was told to be good.</summary>
internal sealed class KnownSecrets(long epoch, long timestamp, long revision, KnownSecret first) : Held(epoch, timestamp)
{
    private KnownSecret[] _secrets = [first];

    public override long Revision => revision;

    /// <summary>The secret that has a fingerprint, when it is known to be good now.</summary>
    public KnownSecret? Find(in Fingerprint fingerprint, DateTimeOffset now)
    {
        foreach (var secret in _secrets)
            if (secret.Fingerprint.FixedTimeEquals(fingerprint)) return now < secret.Until ? secret : null;
        return null;
    }

    /// <summary>Keeps the older one's age for both: nothing is used for longer than it may be.</summary>
    public override void Absorb(Held other)
    {
        var known = ((KnownSecrets)other)._secrets;
        _secrets = [.. _secrets, .. known.Where(secret => !_secrets.Any(mine => mine.Fingerprint.FixedTimeEquals(secret.Fingerprint)))];
        Timestamp = Math.Min(Timestamp, other.Timestamp);
    }
}

/// <summary>A secret that a client was told to be good.</summary>
/// <param name="fingerprint">Of the secret.</param>
/// <param name="id">Names it.</param>
/// <param name="until">From this instant on a silo must be asked again.</param>
/// <param name="verdict">The verdict on the secret of a virtual key; null for an API key.</param>
internal sealed class KnownSecret(in Fingerprint fingerprint, SecretId id, DateTimeOffset until, Verdict? verdict)
    : UsedSecret(fingerprint)
{
    public override SecretId Id => id;

    public DateTimeOffset Until => until;

    public Verdict? Verdict => verdict;
}
