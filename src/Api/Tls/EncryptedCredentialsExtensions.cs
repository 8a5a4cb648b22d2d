using System.Net;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Tls;

internal static class EncryptedCredentialsExtensions
{
    /// <summary>
    /// Refuses credentials over plain HTTP from another machine, unless <see cref="TransportOptions.AllowPlaintext"/>
    /// is set.
    /// </summary>
    public static void UseEncryptedCredentials(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TransportOptions>>().Value.AllowPlaintext) return;
        app.Use((context, next) =>
            context.Request.IsHttps
            || context.Connection.RemoteIpAddress is null
            || IPAddress.IsLoopback(context.GetClientAddress())
            || ApiKeyHeader.From(context.Request.Headers) is null
                ? next(context)
                : ApiErrors.PlaintextCredentials.ExecuteAsync(context));
    }
}
