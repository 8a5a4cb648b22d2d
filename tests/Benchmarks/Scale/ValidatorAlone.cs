using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>The cached validator of a silo, without the silo: uses are queued and not told.</summary>
internal sealed class ValidatorAlone : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Pepper _pepper = new(RandomNumberGenerator.GetBytes(Pepper.MinLength));
    private readonly StatesInMemory _storage = new();
    private readonly ReadTurns _turns = new();
    private readonly CachedVirtualKeyValidator _validator;

    public ValidatorAlone()
    {
        var held = new HeldStates<VirtualKeyState>(GrainTypes.VirtualKey, 1_000_000, new SoleSilo(), TimeProvider.System);
        var reader = new StateReader<VirtualKeyState>(StorageNames.VirtualKey, held, _turns, _storage, NullLogger.Instance);
        var counter = new ValidationCounter(_services.GetRequiredService<IMeterFactory>());
        var validation = new VirtualKeyValidation(held, reader, _pepper, counter, TimeProvider.System);
        _validator = new(validation, new UseReports(null!, NullLogger<UseReports>.Instance), counter);
    }

    /// <summary>The text of a new key's secret; the key is in storage, and nobody has asked for it.</summary>
    public string Store(Func<VirtualKeyState, VirtualKeyState>? change = null)
    {
        var (secret, state) = SeededKeys.NewKey(NewKey.Owner, _pepper, TimeProvider.System.GetUtcNow());
        _storage.Put(change?.Invoke(state) ?? state);
        return secret.Reveal();
    }

    public ValueTask<Verdict> Validate(string secret) => _validator.ValidateAsync(secret);

    public async Task Expect(VerdictCode code, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
            if (await Validate(secret) is var verdict && verdict.Code != code) throw new InvalidOperationException($"It is {verdict.Code}.");
    }

    public void Dispose()
    {
        _turns.Dispose();
        _services.Dispose();
    }
}
