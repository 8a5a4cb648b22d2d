using KeysCluster.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Book.Tests.Snippets;

/// <summary>The API of docs/how-to/aspnet.md.</summary>
internal static class ProtectedApi
{
    public static async Task<WebApplication> StartAsync(Uri address, string apiKey)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Configuration["KeysCluster:Url"] = address.AbsoluteUri;
        builder.Configuration["KeysCluster:ApiKey"] = apiKey;
        #region aspnet-services
        builder.Services.AddKeysClient(options =>
        {
            options.BaseAddress = new Uri(builder.Configuration["KeysCluster:Url"]!);
            options.ApiKey = builder.Configuration["KeysCluster:ApiKey"]!;
            options.Timeout = TimeSpan.FromSeconds(5);
            options.AttemptTimeout = TimeSpan.FromSeconds(2);
        });
        #endregion

        var app = builder.Build();
        #region aspnet-endpoint
        app.MapPost("/chat", (HttpContext http) => $"Hello {http.Items["virtual_key_id"]}")
            .AddEndpointFilter(async (context, next) =>
            {
                var keys = context.HttpContext.RequestServices.GetRequiredService<KeysClient>();
                return await new VirtualKeyFilter(keys, "chat:write").InvokeAsync(context, next);
            });
        #endregion

        await app.StartAsync();
        return app;
    }
}
