using KeysCluster.Grains.Secrets;
using KeysCluster.Idempotency;
using Orleans.Concurrency;

namespace KeysCluster.Grains.Idempotency;

[StatelessWorker, GrainType("idempotent-id")]
internal sealed class IdempotentIdGrain(PepperRing ring) : Grain, IIdempotentIdGrain
{
    public ValueTask<IReadOnlyList<byte[]>> Derive(Sha256Digest keyDigest, string scope, IReadOnlyList<long> days) =>
        new([
            .. from pepper in ring.Peppers.All
               from day in days
               select pepper.DeriveIdBits(keyDigest, scope, day),
        ]);
}
