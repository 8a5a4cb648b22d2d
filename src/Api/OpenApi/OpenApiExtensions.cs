using KeysCluster.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using NetEscapades.AspNetCore.SecurityHeaders;
using Scalar.AspNetCore;

namespace KeysCluster.Api.OpenApi;

/// <summary>The OpenAPI document, which is generated from the endpoints, and the page that displays it.</summary>
internal static class OpenApiExtensions
{
    private const string Path = "/openapi/v1.json";
    private const string ProjectScheme = "project_api_key";
    private const string BearerScheme = "bearer";
    private const string BasicScheme = "basic";

    public static void Configure(OpenApiOptions options)
    {
        // Endpoints have a nested Request and Response each; the name of the endpoint makes their schema ids unique.
        options.CreateSchemaReferenceId = type => type.Type.DeclaringType is { } operation
            ? operation.Name + type.Type.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddSchemaTransformer(SchemaTransformer.TransformAsync);
        options.AddOperationTransformer(OperationTransformer.TransformAsync);
        options.AddDocumentTransformer(AddDocumentInfoAsync);
        options.AddDocumentTransformer(CloseRequestsAsync);
    }

    /// <summary>Documents that requests with unknown members are refused. Responses may get more members.</summary>
    private static Task CloseRequestsAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var requests = document.Paths.Values
            .SelectMany(path => path.Operations!.Values)
            .Select(operation => operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema)
            .OfType<OpenApiSchemaReference>()
            .Select(schema => schema.Reference.Id!)
            .ToHashSet();
        foreach (var request in requests)
            ((OpenApiSchema)document.Components!.Schemas![request]).AdditionalPropertiesAllowed = false;
        return Task.CompletedTask;
    }

    private static Task AddDocumentInfoAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "KeysCluster",
            Version = "1.0.0",
            Description = "Issues, rotates and validates virtual keys.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ProjectScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Auth-Token",
                Description = "A project API key, sk-lw-…, or an admin key. Operations say which they need.",
            },
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same keys in the Authorization header.",
            },
            [BasicScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "The same keys as the password. The user name, such as a project id, does not matter.",
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ProjectScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BasicScheme, document)] = [] },
        ];
        return Task.CompletedTask;
    }

    /// <summary>Maps the document and its page, unless they are switched off.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        if (!routes.ServiceProvider.GetRequiredService<IOptions<DocumentOptions>>().Value.Documents) return;
        routes.MapGet(Path, (ApiDocument document) => document.GetAsync())
            .AllowAnonymous()
            .ExcludeFromDescription();
        routes.MapScalarApiReference("/docs", (options, context) => options
            .WithNonce(context.GetNonce())
            .WithTitle("KeysCluster API")
            .WithOpenApiRoutePattern(Path)
            // Users enter API keys on this page, so it must not contact any other server.
            .DisableDefaultFonts()
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .HideDeveloperTools()
            .HideClientButton())
            .WithPageSecurityHeaders()
            .AllowAnonymous();
    }
}
