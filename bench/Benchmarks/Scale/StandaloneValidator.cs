using System.Security.Cryptography;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Usage;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>The validator of a silo, without the silo. Uses of secrets are queued and not reported.</summary>
internal sealed class StandaloneValidator : IDisposable
{
    private const long CacheBytes = 8L << 30;

    private readonly Pepper _pepper = new(RandomNumberGenerator.GetBytes(Pepper.MinLength));
    private readonly InMemoryGrainStorage _storage = new();
    private readonly ServiceProvider _services;
    private readonly IVirtualKeyValidator _validator;

    public StandaloneValidator()
    {
        var services = new ServiceCollection()
            .AddMetrics()
            .AddLogging()
            .AddKeysGrains(CacheBytes)
            .AddSingleSilo()
            .AddVirtualKeyValidator()
            .AddSingleton(new PepperRing(new PepperSet(_pepper)))
            .AddKeyedSingleton(TimeProviderNames.Grains, TimeProvider.System)
            .AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, _storage)
            .AddSingleton(provider => new UsageReporter(
                grains: null!,
                provider.GetRequiredService<ValidationMetrics>(),
                NullLogger<UsageReporter>.Instance));
        _services = services.BuildServiceProvider();
        _validator = _services.GetRequiredService<IVirtualKeyValidator>();
    }

    /// <summary>Stores a new key that is not cached, and returns its secret.</summary>
    public string AddKey(Func<VirtualKeyState, VirtualKeyState>? change = null)
    {
        var (secret, state) = SeededKeys.CreateKey(BenchmarkKey.Caller, _pepper, TimeProvider.System.GetUtcNow());
        _storage.AddState(change?.Invoke(state) ?? state);
        return secret.Reveal();
    }

    public ValueTask<Verdict> ValidateAsync(string secret) => _validator.ValidateAsync(secret);

    /// <summary>Throws when the verdict on one of the secrets has another code.</summary>
    public async Task EnsureVerdictAsync(VerdictCode code, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            var verdict = await ValidateAsync(secret);
            if (verdict.Code != code)
                throw new InvalidOperationException($"The verdict is {verdict.Code} instead of {code}.");
        }
    }

    public void Dispose() => _services.Dispose();
}
