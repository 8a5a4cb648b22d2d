using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;

namespace KeysCluster.WebConsole.Connections;

/// <summary>Applies the <see cref="ForwardedClient"/> before any other middleware sees the request.</summary>
internal sealed class ForwardedClientFilter(ConsoleSocket socket) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            if (socket.Owns(context.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint))
                ForwardedClient.Apply(context);
            return following(context);
        });
        next(app);
    };
}
