using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

/// <summary>A virtual key on the cluster as a caller uses it, with the secrets that the caller minted.</summary>
internal sealed class GrainTestKey
{
    private readonly KeysTestCluster _cluster;

    private GrainTestKey(KeysTestCluster cluster)
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

    public OperationControl Reads => _cluster.Storage.Reads(GrainId);

    public OperationControl Writes => _cluster.Storage.Writes(GrainId);

    public OperationControl Invalidations => _cluster.Fence.Invalidations(GrainId);

    public StoredRow Row => _cluster.Storage.Row(StorageNames.VirtualKey, GrainId)!;

    public VirtualKeyState Stored => Row.DeserializeState<VirtualKeyState>();

    /// <summary>An id with nothing behind it.</summary>
    public static GrainTestKey Unknown(KeysTestCluster cluster) => new(cluster);

    public static async Task<GrainTestKey> CreateAsync(KeysTestCluster cluster)
    {
        var key = new GrainTestKey(cluster);
        Assert.Equal(ChangeOutcome.Done, (await key.CreateAsync()).Outcome);
        return key;
    }

    public Secret Mint() => VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live);

    public Task<VirtualKeyResult> CreateAsync() => CreateAsync(First, request: null);

    public Task<VirtualKeyResult> CreateAsync(Secret secret, IdempotentRequest? request) =>
        Grain.Create(TestData.CreateKeyCommand(secret, _cluster.Now) with { Idempotency = request });

    /// <summary>Rotates and returns the new secret, which must have been acknowledged.</summary>
    public async Task<Secret> RotateAsync()
    {
        var secret = Mint();
        Assert.Equal(ChangeOutcome.Done, (await RotateAsync(secret)).Outcome);
        return secret;
    }

    public Task<VirtualKeyResult> RotateAsync(Secret secret) => Grain.Rotate(CreateRotateCommand(secret));

    public Task<VirtualKeyResult> RotateAsync(Secret secret, IdempotentRequest request) =>
        Grain.Rotate(CreateRotateCommand(secret) with { Idempotency = request });

    public Task<VirtualKeyResult> RotateAsync(Secret secret, TimeSpan grace, IdempotentRequest? request = null) =>
        Grain.Rotate(CreateRotateCommand(secret) with { GracePeriod = grace, Idempotency = request });

    public RotateSecretCommand CreateRotateCommand(Secret secret) =>
        new() { Caller = TestData.Caller, Secret = NewSecret.From(secret, _cluster.Now) };

    public Task<VirtualKeyResult> ExpireRetiringSecretsAsync(SecretId? secret) =>
        Grain.ExpireRetiringSecrets(new ExpireRetiringSecretsCommand(TestData.Caller, secret));

    public Task<VirtualKeyResult> ChangeDeadlineAsync(SecretId secret, DateTimeOffset validUntil) =>
        Grain.ChangeDeadline(new ChangeDeadlineCommand(TestData.Caller, secret, validUntil));

    public Task<VirtualKeyResult> SetExpiryAsync(DateTimeOffset? expiresAt) => Grain.Update(
        new UpdateVirtualKeyCommand { Caller = TestData.Caller, SetsExpiresAt = true, ExpiresAt = expiresAt });

    /// <summary>The id of a secret that is not erased.</summary>
    public SecretId GetSecretId(Secret secret) => SecretId.Parse(Stored.Secrets.Find(TestData.ComputeHash(secret))!.Id);

    public Task<VirtualKeyResult> RenameAsync(string name) =>
        Grain.Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, Name = name });

    public Task<VirtualKeyResult> RevokeAsync() => Grain.Revoke(TestData.Caller);

    public async Task<VirtualKey> GetAsync() => Assert.IsType<VirtualKey>(await Grain.Get(TestData.Caller));

    public ValueTask<Verdict> GetVerdictAsync(Secret secret) => _cluster.GrainValidator.ValidateAsync(secret.Reveal());

    public async Task<VerdictCode> ValidateAsync(Secret secret) => (await GetVerdictAsync(secret)).Code;

    /// <summary>Returns when everything that was waiting for the grain's turn has had it.</summary>
    public Task WaitForPendingTurnsAsync() => Grain.Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller });

    /// <summary>Awakes the grain, which looks for its reminder, and returns when it has done what follows from that.</summary>
    public async Task CheckReminderAsync()
    {
        var look = _cluster.Reminders.Reads(GrainId).BlockNext();
        await WaitForPendingTurnsAsync();
        _cluster.Clock.Advance(ErasureReminder.RetryDelay);
        await look.Arrived;
        look.Open();
        await WaitForPendingTurnsAsync();
    }

    /// <summary>Whether storage still holds the secret's hash.</summary>
    public bool IsHashStored(Secret secret) => Stored.Secrets.Find(TestData.ComputeHash(secret)) is not null;
}
