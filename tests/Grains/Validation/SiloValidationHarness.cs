using System.Diagnostics.Metrics;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>The part of a silo that answers validations, on storage in memory. It has no grains, so uses are not told.</summary>
internal sealed class SiloValidationHarness : IDisposable
{
    /// <summary>No read or caller gives up by itself, however slow the machine is.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMinutes(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SiloSecretValidator _validator;

    public SiloValidationHarness(int capacity = 1000)
    {
        Cache = new(GrainTypeNames.VirtualKey, capacity, new SoleSilo(), Clock);
        var turns = new ValidationReadLimiter { QueueTimeout = ReadTimeout };
        Reader = new(StorageNames.VirtualKey, Cache, turns, Storage, NullLogger.Instance) { ReadTimeout = ReadTimeout };
        UsageReporter = new(null!, NullLogger<UsageReporter>.Instance);
        var counter = new ValidationMetrics(Meters);
        _validator = new(new SecretVerifier(Cache, Reader, TestData.Pepper, counter, Clock), UsageReporter, counter);
    }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public FakeTimeProvider Clock { get; } = new(TestData.Start);

    public CountingStorage Storage { get; } = new();

    public StateCache<VirtualKeyState> Cache { get; }

    public StateReader<VirtualKeyState> Reader { get; }

    public UsageReporter UsageReporter { get; }

    /// <summary>A new key in storage, which no validation has asked for yet.</summary>
    public Secret StoreKey(Func<VirtualKeyState, VirtualKeyState>? change = null)
    {
        var now = Clock.GetUtcNow();
        var secret = MintForUnknownKey(now);
        var creation = TestData.CreateKeyCommand(secret, now);
        var stored = StoredSecret.From(creation.Secret, TestData.Pepper, now);
        var state = VirtualKeyLifecycle.Create(VirtualKeyId.FromSecret(secret).ToString(), creation, stored, now).State!;
        Storage.Put(change?.Invoke(state) ?? state);
        return secret;
    }

    /// <summary>A well-formed secret of a key that nobody has made.</summary>
    public static Secret MintForUnknownKey() => MintForUnknownKey(TestData.Start);

    /// <summary>Another secret that names the same key, and that it never had.</summary>
    public static Secret MintWrongSecret(Secret secret) => VirtualKeySecret.Mint(VirtualKeyId.FromSecret(secret), VirtualKeyEnvironment.Live);

    public ValueTask<Verdict> ValidateAsync(Secret secret) => _validator.ValidateAsync(secret.Reveal());

    public ValueTask<Verdict> ValidateAsync(string text) => _validator.ValidateAsync(text);

    public async Task AssertVerdictsAsync(VerdictCode code, params IEnumerable<Secret> secrets)
    {
        foreach (var secret in secrets) Assert.Equal(code, (await ValidateAsync(secret)).Code);
    }

    /// <summary>Validates many from as many callers as there are processors, and expects the same of all.</summary>
    public Task FloodAsync(int count, Func<Secret> secret, VerdictCode code) =>
        Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < count / Environment.ProcessorCount; i++)
            {
                var verdict = await ValidateAsync(secret());
                if (verdict.Code != code) throw new InvalidOperationException($"It was {verdict.Code}.");
            }
        })));

    /// <summary>Nothing is under way, and nothing of what was is kept.</summary>
    public async Task AssertIdleAsync()
    {
        while (Reader.QueueLength > 0) await Task.Delay(1);
        Assert.Equal((0, 0), (Reader.QueueLength, Cache.FillCount));
    }

    public void Dispose() => _services.Dispose();

    private static Secret MintForUnknownKey(DateTimeOffset now) => VirtualKeySecret.Mint(VirtualKeyId.New(now), VirtualKeyEnvironment.Live);
}
