using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Validation;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>The part of a silo that answers validations, on storage in memory. It has no grains, so uses are not told.</summary>
internal sealed class ValidatingSilo : IDisposable
{
    /// <summary>No read or caller gives up by itself, however slow the machine is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CachedVirtualKeyValidator _validator;

    public ValidatingSilo(int capacity = 1000)
    {
        Held = new(GrainTypes.VirtualKey, capacity, new SoleSilo(), Clock);
        var turns = new ReadTurns { Patience = Patience };
        Reader = new(StorageNames.VirtualKey, Held, turns, Rows, NullLogger.Instance) { Patience = Patience };
        Uses = new(null!, NullLogger<UseReports>.Instance);
        var counter = new ValidationCounter(Meters);
        _validator = new(new VirtualKeyValidation(Held, Reader, Sample.Pepper, counter, Clock), Uses, counter);
    }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public FakeTimeProvider Clock { get; } = new(Sample.Start);

    public CountedRows Rows { get; } = new();

    public HeldStates<VirtualKeyState> Held { get; }

    public StateReader<VirtualKeyState> Reader { get; }

    public UseReports Uses { get; }

    /// <summary>A new key in storage, which no validation has asked for yet.</summary>
    public Secret Store(Func<VirtualKeyState, VirtualKeyState>? change = null)
    {
        var now = Clock.GetUtcNow();
        var secret = Unknown(now);
        var creation = Sample.Creation(secret, now);
        var stored = StoredSecret.Of(creation.Secret, Sample.Pepper, now);
        var state = VirtualKeyLifecycle.Create(VirtualKeyId.OwnerOf(secret).ToString(), creation, stored, now).State!;
        Rows.Put(change?.Invoke(state) ?? state);
        return secret;
    }

    /// <summary>A well-formed secret of a key that nobody has made.</summary>
    public static Secret Unknown() => Unknown(Sample.Start);

    /// <summary>Another secret that names the same key, and that it never had.</summary>
    public static Secret Wrong(Secret secret) => VirtualKeySecret.Mint(VirtualKeyId.OwnerOf(secret), VirtualKeyEnvironment.Live);

    public ValueTask<Verdict> Validate(Secret secret) => _validator.ValidateAsync(secret.Reveal());

    public ValueTask<Verdict> Validate(string text) => _validator.ValidateAsync(text);

    public async Task Expect(VerdictCode code, params IEnumerable<Secret> secrets)
    {
        foreach (var secret in secrets) Assert.Equal(code, (await Validate(secret)).Code);
    }

    /// <summary>Validates many from as many callers as there are processors, and expects the same of all.</summary>
    public Task Flood(int count, Func<Secret> secret, VerdictCode code) =>
        Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < count / Environment.ProcessorCount; i++)
            {
                var verdict = await Validate(secret());
                if (verdict.Code != code) throw new InvalidOperationException($"It was {verdict.Code}.");
            }
        })));

    /// <summary>Nothing is under way, and nothing of what was is kept.</summary>
    public async Task ExpectNothingLeft()
    {
        while (Reader.Waiting > 0) await Task.Delay(1);
        Assert.Equal((0, 0), (Reader.Waiting, Held.PendingCount));
    }

    public void Dispose() => _services.Dispose();

    private static Secret Unknown(DateTimeOffset now) => VirtualKeySecret.Mint(VirtualKeyId.New(now), VirtualKeyEnvironment.Live);
}
