using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace KeysCluster.Cluster.Node;

/// <summary>
/// Passes all bytes between a silo and its peers, or an Orleans client and its silos, through a gate. While the gate is
/// closed, no connection is reset and no byte is lost; the peers only receive nothing. A silo's connections from
/// Orleans clients, and REST, bypass its gate.
/// </summary>
internal static class PeerConnectionExtensions
{
    public static void UsePeerGate(this ISiloBuilder silo, PeerGate gate) =>
        silo.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloInboundConnection(connection =>
                connection.Use(next => context => RunGatedAsync(context, next, gate, port: null)));
            options.ConfigureSiloOutboundConnection(connection =>
                connection.Use(next => context => RunGatedAsync(context, next, gate, GetPort(context))));
        });

    public static void UsePeerGate(this IServiceCollection services, PeerGate gate) =>
        services.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection =>
            connection.Use(next => context => RunGatedAsync(context, next, gate, GetPort(context)))));

    private static int? GetPort(ConnectionContext context) => (context.RemoteEndPoint as IPEndPoint)?.Port;

    private static async Task RunGatedAsync(
        ConnectionContext context, ConnectionDelegate next, PeerGate gate, int? port)
    {
        var network = context.Transport;
        var received = new Pipe();
        var sent = new Pipe();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
        var pumps = Task.WhenAll(
            PumpAsync(network.Input, received.Writer, WaitAsync(PeerDirection.Receive), ended.Token),
            PumpAsync(sent.Reader, network.Output, WaitAsync(PeerDirection.Send), ended.Token));

        context.Transport = new DuplexPipe(received.Reader, sent.Writer);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = network;
            await sent.Writer.CompleteAsync();
            await received.Reader.CompleteAsync();
            await ended.CancelAsync();
            await pumps;
        }

        Func<Task> WaitAsync(PeerDirection direction) => () => gate.WaitAsync(port, direction, ended.Token);
    }

    private static async Task PumpAsync(
        PipeReader from, PipeWriter to, Func<Task> waitAsync, CancellationToken ended)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(ended);
                await waitAsync();
                foreach (var part in read.Buffer) to.Write(part.Span);
                from.AdvanceTo(read.Buffer.End);
                var flushed = await to.FlushAsync(ended);
                if (read.IsCompleted || flushed.IsCompleted || read.IsCanceled) break;
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            failure = exception;
        }

        await to.CompleteAsync(failure is OperationCanceledException ? null : failure);
        await from.CompleteAsync();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
