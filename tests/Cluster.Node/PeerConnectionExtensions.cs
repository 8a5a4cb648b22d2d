using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace KeysCluster.Cluster.Node;

/// <summary>
/// Passes all bytes between this silo and its peers through a gate. While the gate is closed, no connection is reset
/// and no byte is lost; the peers only receive nothing. Connections of Orleans clients and REST bypass the gate.
/// </summary>
internal static class PeerConnectionExtensions
{
    public static void UsePeerGate(this ISiloBuilder silo, PeerGate gate) =>
        silo.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloInboundConnection(connection =>
                connection.Use(next => context => RunGatedAsync(context, next, gate)));
            options.ConfigureSiloOutboundConnection(connection =>
                connection.Use(next => context => RunGatedAsync(context, next, gate)));
        });

    private static async Task RunGatedAsync(ConnectionContext context, ConnectionDelegate next, PeerGate gate)
    {
        var network = context.Transport;
        var received = new Pipe();
        var sent = new Pipe();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
        var pumps = Task.WhenAll(
            PumpAsync(network.Input, received.Writer, gate, ended.Token),
            PumpAsync(sent.Reader, network.Output, gate, ended.Token));

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
    }

    private static async Task PumpAsync(PipeReader from, PipeWriter to, PeerGate gate, CancellationToken ended)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(ended);
                await gate.WaitUntilOpenAsync(ended);
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
