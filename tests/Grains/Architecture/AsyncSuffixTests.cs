using System.Text.RegularExpressions;

namespace KeysCluster.Grains.Tests.Architecture;

/// <summary>Methods that return a task have the suffix <c>Async</c>, unless they belong to a grain interface.</summary>
public sealed partial class AsyncSuffixTests
{
    /// <summary>Methods that a library names.</summary>
    private static readonly string[] LibraryMethods =
    [
        "AccessDenied", "DisposeAsyncCore", "Invoke", "ReceiveReminder", "RemoteFailure",
        "ShouldRetryConnectionAttempt", "TicketReceived",
    ];

    [Fact]
    public void Asynchronous_methods_outside_grain_interfaces_have_the_suffix_Async()
    {
        var files = SourceTree.Load().Files;
        var grainInterfaces = FindGrainInterfaces(files);

        var violations =
            from file in files
            from method in GetAsynchronousMethods(file)
            where !method.EndsWith("Async", StringComparison.Ordinal) && !LibraryMethods.Contains(method)
            where !grainInterfaces.Any(grain =>
                grain.Methods.Contains(method) && DeclaresOrImplements(file, grain.Name))
            select $"{Path.GetRelativePath(SourceTree.Folder, file.FilePath)}: {method}";

        Assert.Contains("IVirtualKeyGrain", grainInterfaces.Select(grain => grain.Name));
        Assert.Empty(violations);
    }

    private static List<(string Name, HashSet<string> Methods)> FindGrainInterfaces(IEnumerable<SourceFile> files) =>
    [
        .. from file in files
           from Match declaration in GrainInterface().Matches(file.Code)
           select (declaration.Groups["name"].Value, GetAsynchronousMethods(file).ToHashSet()),
    ];

    private static IEnumerable<string> GetAsynchronousMethods(SourceFile file) =>
        AsynchronousMethod().Matches(file.Code).Select(match => match.Groups["name"].Value);

    private static bool DeclaresOrImplements(SourceFile file, string grainInterface) =>
        Regex.IsMatch(file.Code, $@"(\binterface\s+|[:,]\s*){grainInterface}\b");

    [GeneratedRegex(@"\binterface\s+(?<name>\w+)\s*:\s*IGrain(With\w+Key|Observer|Service)\b")]
    private static partial Regex GrainInterface();

    [GeneratedRegex(
        @"^\s*([a-z]+\s+)*(Task|ValueTask)(<.+?>)?\s+(\w+\.)?(?<name>\w+)(<[^()]*>)?\(", RegexOptions.Multiline)]
    private static partial Regex AsynchronousMethod();
}
