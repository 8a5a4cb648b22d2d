using KeysCluster.Grains.Secrets;
using KeysCluster.Idempotency;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Idempotency;

[StatelessWorker, GrainType("idempotent-id")]
internal sealed class IdempotentIdGrain(Pepper pepper) : Grain, IIdempotentIdGrain
{
    public ValueTask<IReadOnlyList<byte[]>> Derive(Sha256Digest keyDigest, string scope, IReadOnlyList<long> days) =>
        new([.. days.Select(day => pepper.DeriveIdBits(keyDigest, scope, day))]);
}
