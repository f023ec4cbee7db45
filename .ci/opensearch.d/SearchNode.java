import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** One OpenSearch node, its settings given as key=value arguments. */
public final class SearchNode extends Node {
    private SearchNode(Environment environment) {
        super(environment, List.of(
            plugin("transport-netty4", "org.opensearch.transport.Netty4ModulePlugin"),
            plugin("analysis-common", "org.opensearch.analysis.common.CommonAnalysisModulePlugin")), false);
    }

    private static PluginInfo plugin(String name, String type) {
        return new PluginInfo(name, name, "3", Version.CURRENT, "21", type, name, List.of(), false);
    }

    public static void main(String[] args) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String arg : args) {
            int at = arg.indexOf('=');
            String[] values = arg.substring(at + 1).split(",");
            if (values.length > 1) settings.putList(arg.substring(0, at), values);
            else settings.put(arg.substring(0, at), values[0]);
        }
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> "node");
        SearchNode node = new SearchNode(environment);
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try { node.close(); } catch (Exception e) { e.printStackTrace(); }
            end.countDown();
        }));
        node.start();
        end.await();
    }
}
