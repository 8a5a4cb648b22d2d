namespace KeysCluster.Grains.Tests.Architecture;

/// <summary>Namespaces depend on each other in one direction only, within a project and across projects.</summary>
public sealed class NamespaceCycleTests
{
    [Fact]
    public void Namespaces_have_no_cyclic_dependencies()
    {
        var dependencies = SourceTree.Load().GetDependencies().ToList();

        var cyclic = FindCyclic(dependencies);

        Assert.NotEmpty(dependencies);
        Assert.True(cyclic.Count == 0, $"Cyclic dependencies:\n{string.Join('\n', cyclic)}");
    }

    /// <summary>Returns the dependencies that are part of a cycle: their target depends on their source.</summary>
    private static List<NamespaceDependency> FindCyclic(List<NamespaceDependency> dependencies)
    {
        var targets = dependencies.ToLookup(dependency => dependency.From, dependency => dependency.To);
        return [.. dependencies
            .Where(dependency => GetReachable(targets, dependency.To).Contains(dependency.From))
            .OrderBy(dependency => dependency.ToString(), StringComparer.Ordinal)];
    }

    private static HashSet<string> GetReachable(ILookup<string, string> targets, string start)
    {
        var reachable = new HashSet<string>();
        var pending = new Stack<string>([start]);
        while (pending.TryPop(out var current))
            if (reachable.Add(current))
                foreach (var target in targets[current]) pending.Push(target);
        return reachable;
    }
}
