using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A virtual key on a test cluster, as a caller uses it, with the secrets that the caller minted.</summary>
internal sealed class GrainTestKey
{
    private readonly TestClusterFixture _cluster;
    private readonly VirtualKeyEnvironment _environment;

    private GrainTestKey(TestClusterFixture cluster, VirtualKeyEnvironment environment)
    {
        (_cluster, _environment) = (cluster, environment);
        Id = VirtualKeyId.New(cluster.Now);
        Grain = cluster.Grains.GetVirtualKeyGrain(Id);
        First = Mint();
    }

    public VirtualKeyId Id { get; }

    public IVirtualKeyGrain Grain { get; }

    public GrainId GrainId => Grain.GetGrainId();

    public Secret First { get; }

    public OperationControl Reads => _cluster.Storage.Reads(GrainId);

    public OperationControl Writes => _cluster.Storage.Writes(GrainId);

    public StoredRow Row => _cluster.Storage.FindRow(StorageNames.VirtualKey, GrainId)!;

    public VirtualKeyState Stored => Row.DeserializeState<VirtualKeyState>();

    /// <summary>Returns an id without a key.</summary>
    public static GrainTestKey Unknown(
        TestClusterFixture cluster, VirtualKeyEnvironment environment = VirtualKeyEnvironment.Live) =>
        new(cluster, environment);

    public static async Task<GrainTestKey> CreateAsync(
        TestClusterFixture cluster, VirtualKeyEnvironment environment = VirtualKeyEnvironment.Live)
    {
        var key = new GrainTestKey(cluster, environment);
        Assert.Equal(ChangeOutcome.Done, (await key.CreateAsync()).Outcome);
        return key;
    }

    public Secret Mint() => VirtualKeySecret.Mint(Id, _environment);

    public CreateVirtualKeyCommand NewCreateCommand(Secret secret) =>
        TestData.NewCreateCommand(secret, _cluster.Now) with { Environment = _environment };

    public RotateSecretCommand NewRotateCommand(Secret secret) =>
        TestData.NewRotateCommand(TestData.Caller, secret, _cluster.Now);

    public Task<VirtualKeyResult> CreateAsync() => CreateAsync(First, request: null);

    public Task<VirtualKeyResult> CreateAsync(Secret secret, IdempotentRequest? request) =>
        Grain.Create(NewCreateCommand(secret) with { Idempotency = request });

    /// <summary>Rotates, asserts that the rotation was acknowledged, and returns the new secret.</summary>
    public async Task<Secret> RotateAsync()
    {
        var secret = Mint();
        Assert.Equal(ChangeOutcome.Done, (await RotateAsync(secret)).Outcome);
        return secret;
    }

    public Task<VirtualKeyResult> RotateAsync(Secret secret) => Grain.Rotate(NewRotateCommand(secret));

    public Task<VirtualKeyResult> RotateAsync(Secret secret, IdempotentRequest request) =>
        Grain.Rotate(NewRotateCommand(secret) with { Idempotency = request });

    public Task<VirtualKeyResult> RotateAsync(Secret secret, TimeSpan grace, IdempotentRequest? request = null) =>
        Grain.Rotate(NewRotateCommand(secret) with { GracePeriod = grace, Idempotency = request });

    public Task<VirtualKeyResult> ExpireRetiringSecretsAsync(SecretId? secret) =>
        Grain.ExpireRetiringSecrets(new ExpireRetiringSecretsCommand(TestData.Caller, secret));

    public Task<VirtualKeyResult> ChangeDeadlineAsync(SecretId secret, DateTimeOffset validUntil) =>
        Grain.ChangeDeadline(new ChangeDeadlineCommand(TestData.Caller, secret, validUntil));

    public Task<VirtualKeyResult> SetExpiryAsync(DateTimeOffset? expiresAt) =>
        Grain.Update(TestData.NewExpiryCommand(expiresAt));

    public Task<VirtualKeyResult> RenameAsync(string name) =>
        Grain.Update(new UpdateVirtualKeyCommand { Caller = TestData.Caller, Name = name });

    public Task<VirtualKeyResult> DisableAsync(string? reason = null) => Grain.Disable(TestData.Caller, reason);

    public Task<VirtualKeyResult> EnableAsync() => Grain.Enable(TestData.Caller);

    public Task<VirtualKeyResult> RevokeAsync() => Grain.Revoke(TestData.Caller);

    public async Task<VirtualKey> GetAsync() => Assert.IsType<VirtualKey>(await Grain.Get(TestData.Caller));

    /// <summary>Validates with the validator of the fixture.</summary>
    public ValueTask<Verdict> GetVerdictAsync(Secret secret) => _cluster.Validator.ValidateAsync(secret.Reveal());

    /// <inheritdoc cref="GetVerdictAsync" />
    public async Task<VerdictCode> ValidateAsync(Secret secret) => (await GetVerdictAsync(secret)).Code;

    /// <summary>Validates by a call to the grain, which records the use before it returns.</summary>
    public async Task<VerdictCode> ValidateByGrainAsync(Secret secret) =>
        (await _cluster.GrainValidator.ValidateAsync(secret.Reveal())).Code;

    /// <summary>Validates a valid secret by a call to the grain, which records the use before it returns.</summary>
    public async Task UseAsync(Secret secret) =>
        Assert.True((await _cluster.GrainValidator.ValidateAsync(secret.Reveal())).IsValid);

    /// <summary>Completes when the grain has processed the calls, timers and ticks that were queued before.</summary>
    public async Task WaitForPendingTurnsAsync()
    {
        // Like every change it waits for its turn, but as a call of another project it ends without a read or a write.
        Assert.Equal(ChangeOutcome.NotFound, (await Grain.Enable(TestData.OtherCaller)).Outcome);
    }

    /// <summary>Returns the id of a secret that is not erased.</summary>
    public SecretId GetSecretId(Secret secret) =>
        SecretId.Parse(Stored.Secrets.Find(TestData.Present(secret))!.Id);

    /// <summary>Returns whether storage contains the hash of a secret.</summary>
    public bool IsHashStored(Secret secret) => Stored.Secrets.Find(TestData.Present(secret)) is not null;
}
