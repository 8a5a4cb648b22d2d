using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Hosting;

/// <summary>
/// Keeps serving for a while after the host was asked to stop, with readiness off, so that whoever sends requests here has
/// time to send them elsewhere. Then the host stops in order: REST, and in a silo the grains after it.
/// </summary>
internal sealed partial class Drain(IOptions<ApiSettings> settings, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService
{
    private volatile bool _hasBegun;
    private volatile bool _hasServed;

    public bool HasBegun => _hasBegun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        if (!_hasServed || settings.Value.DrainDelay == TimeSpan.Zero) return;
        LogDraining(logger, settings.Value.DrainDelay);
        await Task.Delay(settings.Value.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _hasServed = true;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Not ready any more; stopping in {Delay}.")]
    private static partial void LogDraining(ILogger logger, TimeSpan delay);
}

internal static class DrainMiddleware
{
    /// <summary>While draining, callers are told to open their next connection, and so to choose again where to.</summary>
    public static IApplicationBuilder UseDrain(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<Drain>();
        return app.Use((context, next) =>
        {
            if (drain.HasBegun && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return next(context);
        });
    }
}
