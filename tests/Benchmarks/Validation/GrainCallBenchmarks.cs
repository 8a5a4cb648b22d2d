using BenchmarkDotNet.Attributes;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>
/// A validation of an active key's secret, from within the silo's process, over a call of a grain that does nothing.
/// One caller, one call after the other, many to an invocation: waking the thread that awaits a benchmark costs more
/// than a call.
/// </summary>
public class GrainCallBenchmarks
{
    private const int Calls = 1000;

    private InProcessSilo _silo = null!;
    private IEmptyGrain _empty = null!;
    private IVirtualKeyGrain _grain = null!;
    private VirtualKeyValidator _validator = null!;
    private string _secret = null!;
    private SecretDigest _digest;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _silo = await InProcessSilo.StartAsync(SiloStorage.UseMemory);
        var key = await NewKey.CreateAsync(_silo.Grains);
        _empty = _silo.Grains.GetGrain<IEmptyGrain>(key.Id.ToString());
        _grain = key.Grain;
        _validator = new VirtualKeyValidator(_silo.Grains);
        _secret = key.Secret.Reveal();
        _digest = key.Secret.Digest();

        var verdict = await _grain.Validate(_digest, null);
        await _empty.Hold(verdict);
        if (!verdict.IsValid || !(await _validator.ValidateAsync(_secret)).IsValid)
            throw new InvalidOperationException("The secret is not valid: there is nothing to measure.");
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _silo.DisposeAsync();

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public async Task EmptyGrainCall()
    {
        for (var i = 0; i < Calls; i++) await _empty.Call(_digest, null);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task VerdictGrainCall()
    {
        for (var i = 0; i < Calls; i++) await _empty.Answer(_digest, null);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task GrainValidate()
    {
        for (var i = 0; i < Calls; i++) await _grain.Validate(_digest, null);
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task ValidatorValidate()
    {
        for (var i = 0; i < Calls; i++) await _validator.ValidateAsync(_secret);
    }
}
