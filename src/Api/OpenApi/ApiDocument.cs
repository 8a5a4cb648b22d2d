using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace KeysCluster.Api.OpenApi;

/// <summary>The OpenAPI document, made from the endpoints, and the page that shows it.</summary>
internal static class ApiDocument
{
    private const string ProjectScheme = "project_api_key";
    private const string BearerScheme = "bearer";

    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type => type.Type.DeclaringType is { } operation
            ? operation.Name + type.Type.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddSchemaTransformer(Schemas.Correct);
        options.AddOperationTransformer(Operations.Complete);
        options.AddDocumentTransformer(Describe);
    }

    private static Task Describe(
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
                Description = "A project API key, sk-lw-…; the admin key for /api/projects.",
            },
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same keys in the Authorization header.",
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ProjectScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
        ];
        return Task.CompletedTask;
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/v1.json");
        routes.MapScalarApiReference("/docs", options => options
            .WithTitle("KeysCluster API")
            .WithOpenApiRoutePattern("/openapi/v1.json")
            // A page on which people type API keys talks to this service and to nobody else.
            .DisableDefaultFonts()
            .DisableAgent()
            .DisableMcp()
            .DisableTelemetry()
            .HideDeveloperTools()
            .HideClientButton());
    }
}
