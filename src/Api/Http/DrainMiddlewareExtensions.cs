using KeysCluster.Hosting;

namespace KeysCluster.Api.Http;

internal static class DrainMiddlewareExtensions
{
    /// <summary>
    /// Closes connections while the host drains, so that clients open their next one to another host. HTTP/2 has its
    /// own signal, which the server sends.
    /// </summary>
    public static IApplicationBuilder UseConnectionCloseWhileDraining(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<DrainService>();
        return app.Use((context, next) =>
        {
            if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return next(context);
        });
    }
}
