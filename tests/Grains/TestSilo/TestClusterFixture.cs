using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Projects;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Time;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>
/// A silo and a client of the real Orleans runtime. Only time, storage and reminders are doubles; the runtime itself
/// uses the real clock.
/// </summary>
/// <remarks>
/// The tests of a fixture share the clock, which is never set back. A test reads <see cref="Now"/> instead of assuming
/// a start time, and advancing the clock also fires the timers of earlier tests' grains.
/// </remarks>
public abstract class TestClusterFixture : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    internal TestClusterFixture()
    {
        var builder = new InProcessTestClusterBuilder(1) { Options = { ConfigureFileLogging = false } };
        builder.ConfigureSilo((_, silo) => ConfigureSilo(silo.AddKeysTestSilo(Doubles)));
        _cluster = builder.Build();
    }

    internal FakeTimeProvider Clock => Doubles.Clock;

    internal TestStorage Storage => Doubles.Storage;

    internal TestImportedKeyStore ImportedKeys => Doubles.ImportedKeys;

    internal TestReminderTable Reminders => Doubles.Reminders;

    internal GrainCallFilter Calls => Doubles.Calls;

    internal PepperRing Ring => Doubles.Ring;

    internal IGrainFactory Grains => _cluster.Client;

    internal IServiceProvider SiloServices => _cluster.Silos[0].ServiceProvider;

    /// <summary>The current time as grains see it, in whole milliseconds.</summary>
    internal DateTimeOffset Now => Clock.GetUtcNowMilliseconds();

    /// <summary>Validates for <see cref="GrainTestKey"/>.</summary>
    internal abstract IVirtualKeyValidator Validator { get; }

    /// <summary>Authenticates for <see cref="GrainTestProject"/>.</summary>
    internal abstract IProjectAuthenticator Authenticator { get; }

    /// <summary>Validates by a call to the key's grain.</summary>
    internal IVirtualKeyValidator GrainValidator => new RetryingGrainValidator(Grains);

    private protected TestSiloDoubles Doubles { get; } = new();

    public virtual Task InitializeAsync() => _cluster.DeployAsync();

    public virtual async Task DisposeAsync() => await _cluster.DisposeAsync();

    internal bool IsActive(GrainId grain) => _cluster.TryGetGrainContext(grain, out _);

    internal Task DeactivateAsync(GrainId grain) => _cluster.DeactivateAsync(grain).WaitAsync(Wait.Timeout);

    internal Task WaitForDeactivationAsync(GrainId grain) =>
        _cluster.WaitForDeactivationAsync(grain).WaitAsync(Wait.Timeout);

    /// <summary>Deactivates the grain and removes its state from the cache, so that only storage contains it.</summary>
    internal async Task RestartAsync(GrainId grain)
    {
        await DeactivateAsync(grain);
        EvictFromCache(grain);
    }

    internal void EvictFromCache(GrainId grain)
    {
        SiloServices.GetRequiredService<StateCache<VirtualKeyState>>().InvalidateAll(grain.Key.ToString()!);
        SiloServices.GetRequiredService<StateCache<ProjectState>>().InvalidateAll(grain.Key.ToString()!);
    }

    private protected abstract void ConfigureSilo(ISiloBuilder silo);
}
