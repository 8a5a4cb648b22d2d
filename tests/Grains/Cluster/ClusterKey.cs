using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A virtual key on the cluster as a caller uses it, with the secrets that the caller minted.</summary>
internal sealed class ClusterKey
{
    private readonly KeysTestCluster _cluster;

    private ClusterKey(KeysTestCluster cluster)
    {
        _cluster = cluster;
        Id = VirtualKeyId.New(cluster.Now);
        Grain = cluster.Grains.GetGrain<IVirtualKeyGrain>(Id.ToString());
        First = Mint();
    }

    public VirtualKeyId Id { get; }

    public IVirtualKeyGrain Grain { get; }

    public GrainId GrainId => Grain.GetGrainId();

    public Secret First { get; }

    public Operations Reads => _cluster.Storage.Reads(GrainId);

    public Operations Writes => _cluster.Storage.Writes(GrainId);

    public Operations Fence => _cluster.Fence.Of(GrainId);

    public StoredRow Row => _cluster.Storage.Row(StorageNames.VirtualKey, GrainId)!;

    public VirtualKeyState Stored => Row.State<VirtualKeyState>();

    /// <summary>An id with nothing behind it.</summary>
    public static ClusterKey Unknown(KeysTestCluster cluster) => new(cluster);

    public static async Task<ClusterKey> Create(KeysTestCluster cluster)
    {
        var key = new ClusterKey(cluster);
        Assert.Equal(ChangeOutcome.Done, (await key.Create()).Outcome);
        return key;
    }

    public Secret Mint() => VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live);

    public Task<VirtualKeyResult> Create() => Create(First, request: null);

    public Task<VirtualKeyResult> Create(Secret secret, IdempotentRequest? request) =>
        Grain.Create(Sample.Creation(secret, _cluster.Now) with { Idempotency = request });

    /// <summary>Rotates and returns the new secret, which must have been acknowledged.</summary>
    public async Task<Secret> Rotate()
    {
        var secret = Mint();
        Assert.Equal(ChangeOutcome.Done, (await Rotate(secret)).Outcome);
        return secret;
    }

    public Task<VirtualKeyResult> Rotate(Secret secret) => Grain.Rotate(Rotation(secret));

    public Task<VirtualKeyResult> Rotate(Secret secret, IdempotentRequest request) =>
        Grain.Rotate(Rotation(secret) with { Idempotency = request });

    public Task<VirtualKeyResult> Rotate(Secret secret, TimeSpan grace, IdempotentRequest? request = null) =>
        Grain.Rotate(Rotation(secret) with { GracePeriod = grace, Idempotency = request });

    public RotateSecret Rotation(Secret secret) =>
        new() { Caller = Sample.Caller, Secret = NewSecret.Of(secret, _cluster.Now) };

    public Task<VirtualKeyResult> Cut(SecretId? secret) =>
        Grain.CutRetiringSecrets(new CutRetiringSecrets(Sample.Caller, secret));

    public Task<VirtualKeyResult> MoveDeadline(SecretId secret, DateTimeOffset validUntil) =>
        Grain.MoveDeadline(new MoveDeadline(Sample.Caller, secret, validUntil));

    public Task<VirtualKeyResult> Expire(DateTimeOffset? expiresAt) => Grain.Update(
        new UpdateVirtualKey { Caller = Sample.Caller, SetsExpiresAt = true, ExpiresAt = expiresAt });

    /// <summary>The id of a secret that is not erased.</summary>
    public SecretId IdOf(Secret secret) => SecretId.Parse(Stored.Secrets.Find(Sample.HashOf(secret))!.Id);

    public Task<VirtualKeyResult> Rename(string name) =>
        Grain.Update(new UpdateVirtualKey { Caller = Sample.Caller, Name = name });

    public Task<VirtualKeyResult> Revoke() => Grain.Revoke(Sample.Caller);

    public async Task<VirtualKey> Get() => Assert.IsType<VirtualKey>(await Grain.Get(Sample.Caller));

    public ValueTask<Verdict> Verdict(Secret secret) => _cluster.Validator.ValidateAsync(secret.Reveal());

    public async Task<VerdictCode> Validate(Secret secret) => (await Verdict(secret)).Code;

    /// <summary>Returns when everything that was waiting for the grain's turn has had it.</summary>
    public Task Settle() => Grain.Update(new UpdateVirtualKey { Caller = Sample.Caller });

    /// <summary>Awakes the grain, which looks for its reminder, and returns when it has done what follows from that.</summary>
    public async Task LookAgain()
    {
        var look = _cluster.Reminders.Looks(GrainId).HoldNext();
        await Settle();
        _cluster.Clock.Advance(ErasureReminder.Pause);
        await look.Arrived;
        look.Open();
        await Settle();
    }

    /// <summary>Whether storage still holds the secret's hash.</summary>
    public bool IsStored(Secret secret) => Stored.Secrets.Find(Sample.HashOf(secret)) is not null;
}
