using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace KeysCluster.Cluster.Node;

/// <summary>
/// Lets a gate stop every byte between this silo and its peers, both ways. Nothing is reset and nothing is lost: the
/// other side sees a silence. Connections of Orleans clients and REST are left alone.
/// </summary>
internal static class PeerConnections
{
    public static void GatePeers(this ISiloBuilder silo, Gate gate) => silo.Configure<SiloConnectionOptions>(options =>
    {
        options.ConfigureSiloInboundConnection(connection => connection.Use(next => context => Run(context, next, gate)));
        options.ConfigureSiloOutboundConnection(connection => connection.Use(next => context => Run(context, next, gate)));
    });

    private static async Task Run(ConnectionContext context, ConnectionDelegate next, Gate gate)
    {
        var network = context.Transport;
        var received = new Pipe();
        var sent = new Pipe();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
        var pumps = Task.WhenAll(
            Pump(network.Input, received.Writer, gate, ended.Token), Pump(sent.Reader, network.Output, gate, ended.Token));

        context.Transport = new Ends(received.Reader, sent.Writer);
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
    }

    private static async Task Pump(PipeReader from, PipeWriter to, Gate gate, CancellationToken ended)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(ended);
                await gate.Pass(ended);
                foreach (var part in read.Buffer) to.Write(part.Span);
                from.AdvanceTo(read.Buffer.End);
                var flushed = await to.FlushAsync(ended);
                if (read.IsCompleted || flushed.IsCompleted || read.IsCanceled) break;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            failure = exception;
        }

        await to.CompleteAsync(failure is OperationCanceledException ? null : failure);
        await from.CompleteAsync();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
