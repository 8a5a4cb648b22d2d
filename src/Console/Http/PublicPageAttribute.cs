namespace KeysCluster.WebConsole.Http;

/// <summary>A page that needs no session.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PublicPageAttribute : Attribute;
