namespace KeysCluster.Grains.Receipts;

/// <summary>What is kept of a change so that its request, sent again, gets the same answer.</summary>
/// <typeparam name="TView">What the answer shows beside the secret.</typeparam>
internal sealed record Receipt<TView>
{
    /// <summary>HMAC of the idempotency key's digest under the pepper.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>Digest of the request.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The secret, sealed by its caller under the idempotency key and then here under the pepper.</summary>
    public required byte[] SealedSecret { get; init; }

    /// <summary>The rest of the answer.</summary>
    public required TView Answer { get; init; }

    /// <summary>The instant from which the idempotency key means a new request.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public bool HasEnded(DateTimeOffset now) => EndsAt <= now;
}
