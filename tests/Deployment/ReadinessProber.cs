using System.Net;
using k8s;
using k8s.Models;

namespace KeysCluster.Deployment.Tests;

/// <summary>Probes a process as the kubelet does, with the numbers of the readiness probe in a manifest.</summary>
internal sealed class ReadinessProber : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly V1Probe _probe;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _probing;
    private int _probeCount;
    private volatile bool _wasRemoved;

    /// <summary>Starts to probe a process that is ready.</summary>
    /// <param name="manifest">A file in <c>deploy/kubernetes</c>, whose deployment has one container.</param>
    /// <param name="address">The address of the process.</param>
    public ReadinessProber(string manifest, Uri address)
    {
        _probe = KubernetesYaml.LoadAllFromString(File.ReadAllText(DeployFiles.GetPath("kubernetes", manifest)))
            .OfType<V1Deployment>().Single().Spec.Template.Spec.Containers.Single().ReadinessProbe;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(_probe.TimeoutSeconds ?? 1) };
        _probing = Task.Run(ProbeAsync);
    }

    /// <summary>The number of completed probes.</summary>
    public int ProbeCount => Volatile.Read(ref _probeCount);

    /// <summary>Whether the pod would have received no requests at some time.</summary>
    public bool WasRemoved => _wasRemoved;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _probing;
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task ProbeAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_probe.PeriodSeconds ?? 10));
        var failures = 0;
        try
        {
            do
            {
                failures = await IsReadyAsync() ? 0 : failures + 1;
                if (failures >= (_probe.FailureThreshold ?? 3)) _wasRemoved = true;
                Interlocked.Increment(ref _probeCount);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(
                new Uri(_probe.HttpGet.Path, UriKind.Relative), _stopping.Token);
            return response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.BadRequest;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !_stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
