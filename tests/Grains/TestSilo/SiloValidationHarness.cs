using System.Diagnostics.Metrics;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Imports;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Usage;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>The services of a silo that validate, without grains and with <see cref="CountingStorage"/>.</summary>
internal sealed class SiloValidationHarness : IDisposable
{
    /// <summary>
    /// Long enough for every read on a slow machine. Callers wait without a timer, because the fake clock goes
    /// through all of its timers to add one.
    /// </summary>
    private static readonly ValidationReadOptions WithoutTimeouts = new()
    {
        QueueTimeout = TimeSpan.FromMinutes(10),
        ReadTimeout = Timeout.InfiniteTimeSpan,
    };

    private readonly ServiceProvider _services;
    private readonly SiloSecretValidator _validator;

    public SiloValidationHarness(long cacheBytes = 4 << 20, ValidationReadOptions? readOptions = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddFakeLogging());
        services.AddMetrics();
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
        services.AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, Storage);
        services.AddSingleton(Ring);
        services.AddSingleton<IImportedKeyStore>(new TestImportedKeyStore());
        services.AddKeysGrains(cacheBytes).AddVirtualKeyValidator().AddSingleSilo();
        services.AddSingleton(readOptions ?? WithoutTimeouts);

        // The reporter is never started, so its queue fills up.
        services.AddSingleton(provider => new UsageReporter(
            grains: null!, provider.GetRequiredService<ValidationMetrics>(), NullLogger<UsageReporter>.Instance));
        _services = services.BuildServiceProvider();
        _validator = _services.GetRequiredService<SiloSecretValidator>();
    }

    public FakeTimeProvider Clock { get; } = new(TestData.Start);

    public CountingStorage Storage { get; } = new();

    public PepperRing Ring { get; } = new(TestData.Peppers);

    public FakeLogCollector Logs => _services.GetFakeLogCollector();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public StateCache<VirtualKeyState> Cache => _services.GetRequiredService<StateCache<VirtualKeyState>>();

    public StateReader<VirtualKeyState> Reader => _services.GetRequiredService<StateReader<VirtualKeyState>>();

    public UsageReporter UsageReporter => _services.GetRequiredService<UsageReporter>();

    /// <summary>Returns another secret for the key of a secret, which the key never had.</summary>
    public static Secret MintWrongSecret(Secret secret) => TestData.MintSecret(VirtualKeyId.FromSecret(secret));

    /// <summary>Stores a new key, which is not cached yet, and returns its secret.</summary>
    public Secret StoreKey(Func<VirtualKeyState, VirtualKeyState>? change = null)
    {
        var now = Clock.GetUtcNow();
        var secret = TestData.MintSecret(VirtualKeyId.New(now));
        var command = TestData.NewCreateCommand(secret, now);
        var stored = StoredSecret.From(command.Secret, TestData.Pepper, now);
        var state = VirtualKeyLifecycle.Create(VirtualKeyId.FromSecret(secret).ToString(), command, stored, now).State!;
        Storage.Put(change?.Invoke(state) ?? state);
        return secret;
    }

    public ValueTask<Verdict> ValidateAsync(Secret secret) => _validator.ValidateAsync(secret.Reveal());

    public ValueTask<Verdict> ValidateAsync(string text) => _validator.ValidateAsync(text);

    public async Task AssertVerdictsAsync(VerdictCode code, params IEnumerable<Secret> secrets)
    {
        foreach (var secret in secrets) Assert.Equal(code, (await ValidateAsync(secret)).Code);
    }

    /// <summary>Validates from one concurrent caller per processor, and expects the same verdict every time.</summary>
    public Task FloodAsync(int count, Func<Secret> secret, VerdictCode code) =>
        Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < count / Environment.ProcessorCount; i++)
            {
                var verdict = await ValidateAsync(secret());
                if (verdict.Code != code) throw new InvalidOperationException($"Unexpected verdict: {verdict.Code}.");
            }
        })));

    /// <summary>Asserts that no read is queued or in progress, and that none has left anything behind.</summary>
    public async Task AssertIdleAsync()
    {
        // A read leaves the queue after it has released its callers.
        await Wait.UntilAsync(() => Reader.QueueLength == 0);
        Assert.Equal(0, Cache.FillCount);
    }

    public void Dispose() => _services.Dispose();
}
