using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>The cached validator of a silo, without the silo: uses are queued and not told.</summary>
internal sealed class StandaloneValidator : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Pepper _pepper = new(RandomNumberGenerator.GetBytes(Pepper.MinLength));
    private readonly InMemoryGrainStorage _storage = new();
    private readonly ValidationReadLimiter _readLimiter = new();
    private readonly SiloSecretValidator _validator;

    public StandaloneValidator()
    {
        var held = new StateCache<VirtualKeyState>(GrainTypeNames.VirtualKey, 1_000_000, new SoleSilo(), TimeProvider.System);
        var reader = new StateReader<VirtualKeyState>(StorageNames.VirtualKey, held, _readLimiter, _storage, NullLogger.Instance);
        var counter = new ValidationMetrics(_services.GetRequiredService<IMeterFactory>());
        var validation = new SecretVerifier(held, reader, _pepper, counter, TimeProvider.System);
        _validator = new(validation, new UsageReporter(null!, NullLogger<UsageReporter>.Instance), counter);
    }

    /// <summary>The text of a new key's secret; the key is in storage, and nobody has asked for it.</summary>
    public string AddKey(Func<VirtualKeyState, VirtualKeyState>? change = null)
    {
        var (secret, state) = SeededKeys.CreateKey(BenchmarkKey.Caller, _pepper, TimeProvider.System.GetUtcNow());
        _storage.AddState(change?.Invoke(state) ?? state);
        return secret.Reveal();
    }

    public ValueTask<Verdict> ValidateAsync(string secret) => _validator.ValidateAsync(secret);

    public async Task EnsureVerdictAsync(VerdictCode code, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
            if (await ValidateAsync(secret) is var verdict && verdict.Code != code) throw new InvalidOperationException($"It is {verdict.Code}.");
    }

    public void Dispose()
    {
        _readLimiter.Dispose();
        _services.Dispose();
    }
}
